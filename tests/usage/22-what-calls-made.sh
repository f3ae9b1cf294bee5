# Only the answer of a call names what it made; what the call needed a permission on is not that.
record() { # SERVICE NAME PARAMETERS ANSWER MORE
    printf '{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/ann","accountId":"111111111111","principalId":"AIDAEXAMPLE0000000001"},"eventTime":"2026-03-02T09:00:00Z","eventSource":"%s.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","requestParameters":%s,"responseElements":%s%s,"eventType":"AwsApiCall","recipientAccountId":"111111111111"}\n' "$1" "$2" "$3" "$4" "$5"
}
{
    record ec2 CreateVolume '{"size":"8"}' '{"requestId":"r","volumeId":"vol-0123456789abcdef0","size":"8"}'
    record ec2 CreateSubnet '{"vpcId":"vpc-1"}' '{"subnet":{"subnetId":"subnet-0a1b","vpcId":"vpc-1"}}'
    record ec2 CreateSecurityGroup '{"groupName":"web","vpcId":"vpc-1"}' '{"_return":true,"groupId":"sg-0a1b"}'
    record ec2 RunInstances '{"instancesSet":{"items":[{"imageId":"ami-1","minCount":2,"maxCount":2}]}}' '{"instancesSet":{"items":[{"instanceId":"i-01","imageId":"ami-1"},{"instanceId":"i-02","imageId":"ami-1"}]}}'
    record lambda CreateFunction20150331 '{"functionName":"f","role":"arn:aws:iam::111111111111:role/r"}' '{"functionName":"f","functionArn":"arn:aws:lambda:eu-west-1:111111111111:function:f","role":"arn:aws:iam::111111111111:role/r"}'
    record elasticloadbalancing CreateLoadBalancer '{"name":"web","subnets":["subnet-1"]}' '{"loadBalancers":[{"loadBalancerArn":"arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/50dc6c495c0c9188","vpcId":"vpc-1"}]}'
    record kms CreateKey '{}' '{ "keyMetadata" : { "aWSAccountId" : "111111111111", "arn" : "arn:aws:kms:eu-west-1:111111111111:key/0aaa" } }'
    record iam CreateRole '{"roleName":"deploy","path":"/build/","assumeRolePolicyDocument":"{}"}' '{"role":{"path":"/build/","roleName":"deploy","roleId":"AROAEXAMPLE0000000007","arn":"arn:aws:iam::111111111111:role/build/deploy"}}'
    record secretsmanager CreateSecret '{"name":"db"}' '{"aRN":"arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-a1b2c3"}'
    record iam CreateAccessKey '{"userName":"bob"}' '{"accessKey":{"accessKeyId":"AKIAEXAMPLE","userName":"bob","status":"Active"}}'
    # one that failed, one that makes nothing, answers that are none
    record kms CreateKey '{}' '{"keyMetadata":{"arn":"arn:aws:kms:eu-west-1:111111111111:key/never"}}' ',"errorCode":"LimitExceededException"'
    record lambda UpdateFunctionCode20150331v2 '{"functionName":"f"}' '{"functionArn":"arn:aws:lambda:eu-west-1:111111111111:function:f"}'
    record ec2 CreateVpc '{}' '"truncated"'
    record ec2 CreateVpc '{"a":1}' '{"vpc":{"vpcId":7}}'
} | verdict usage collect --now 2026-04-01 -q --in lines >"$T/s.vdu"
sed -n 's/.*"e":"\([^"]*\)".*"M":\(\[[^]]*\]\).*/\1 \2/p; /"M"/!s/.*"e":"\([^"]*\)".*/\1 made nothing/p' "$T/s.vdu"
verdict usage merge -q "$T/s.vdu" -o "$T/again.vdu"
cmp "$T/s.vdu" "$T/again.vdu"
verdict usage show -f json "$T/s.vdu" | grep -A 3 '"made": \[' | head -4
