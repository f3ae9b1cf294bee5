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
# a role may be in the launch template: who may pass roles still may afterwards
. tests/usage/records
. tests/usage/rightsizing
event ec2 RunInstances 02 '"requestParameters":{"instancesSet":{"items":[{"minCount":1}]},"launchTemplate":{"launchTemplateId":"lt-1","version":"3"}}' >"$T/log"
actions <"$T/log" | grep -A1 PassRole
collect
policy '{"Effect":"Allow","Action":["ec2:RunInstances","ec2:StopInstances","iam:PassRole","iam:DeleteRole"],"Resource":"*"}'
size --mode strict --drop-unseen all --accept-unmapped --accept-assumed
