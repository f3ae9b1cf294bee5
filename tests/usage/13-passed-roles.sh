# A role in a request is passed, to whom the table says; but not one of another account, nor where the request names it only.
. tests/usage/records
r='arn:aws:iam::111111111111:role/exec'
{
    event lambda CreateFunction20150331 02 "\"requestParameters\":{\"functionName\":\"orders\",\"role\":\"$r\"}"
    event ecs RegisterTaskDefinition 02 "\"requestParameters\":{\"family\":\"web\",\"taskRoleArn\":\"$r\"}"
    event glue CreateJob 02 '"requestParameters":{"name":"j","role":"arn:aws:iam::222222222222:role/far"}'
    event sts AssumeRole 02 "\"requestParameters\":{\"roleArn\":\"$r\",\"roleSessionName\":\"s\"}"
    event iam GetRole 02 "\"requestParameters\":{\"roleName\":\"$r\"}"
} | actions -v --dependents ignore
