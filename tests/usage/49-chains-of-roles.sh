# A role that becomes another one: the first is charged with coming in, the second with what is done there; a source identity,
# tags of the session and contexts need a permission of their own, on the role.
. tests/usage/records
first=$(role build/first AROAEXAMPLE0000000001)
second=$(role second AROAEXAMPLE0000000002 222222222222)
{
    who=$first
    event sts AssumeRole 02 '"requestParameters":{"roleArn":"arn:aws:iam::222222222222:role/second","roleSessionName":"s","sourceIdentity":"alice","tags":[{"key":"a","value":"b"}],"transitiveTagKeys":["a"]}'
    who=${second%\}\}}',"sourceIdentity":"alice"}}'
    event sqs ListQueues 02 "$none"
    who=$second
    event sts AssumeRole 03 '"requestParameters":{"roleArn":"arn:aws:iam::111111111111:role/build/third","roleSessionName":"s"}'
} | actions -v
# the same session of a permission set in three accounts
for a in 111111111111 222222222222 333333333333; do
    who=$(role aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef "AROAEXAMPLE$a" $a)
    event sqs ListQueues 04 "$none"
done | actions
