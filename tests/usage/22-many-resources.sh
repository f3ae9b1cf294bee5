# A call that is about several things, and calls that name several of a kind.
. tests/usage/record
{
    record ec2 RunInstances '{"instancesSet":{"items":[{"imageId":"ami-1","minCount":1,"keyName":"ops"}]},"launchTemplate":{"launchTemplateId":"lt-1","version":"3"},"subnetId":"subnet-1","groupSet":{"items":[{"groupId":"sg-1"},{"groupId":"sg-2"}]},"iamInstanceProfile":{"name":"web"}}'
    record ec2 StopInstances '{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}'
    record ec2 AttachVolume '{"volumeId":"vol-1","instanceId":"i-1","device":"/dev/sdh"}'
    record ec2 CreateTags '{"resourcesSet":{"items":[{"resourceId":"vol-1"},{"resourceId":"i-1"},{"resourceId":"igw-1"}]},"tagSet":{"items":[{"key":"a","value":"b"}]}}'
    record ec2 CreateVolume '{"size":"8","zone":"eu-west-1a"}'
    record ec2 DescribeInstances '{"instancesSet":{},"filterSet":{}}'
    record ssm SendCommand '{"documentName":"AWS-RunShellScript","instanceIds":["i-1","mi-2"]}'
    record glue GetTable '{"databaseName":"lake","name":"orders"}'
} | about
