# What was only tried stays when that is asked for, and never beyond what was granted.
. tests/usage/records
. tests/usage/rightsizing
{
    event sqs GetQueueAttributes 02 "$(queue q)"
    event sqs DeleteQueue 03 "\"errorCode\":\"AccessDenied\",$(queue q)"
    event sns DeleteTopic 03 '"errorCode":"AccessDenied","requestParameters":{"topicArn":"arn:aws:sns:eu-west-1:111111111111:t"}'
} >"$T/log"
collect
policy '{"Effect":"Allow","Action":["sqs:DeleteQueue","sqs:GetQueueAttributes","sqs:SetQueueAttributes"],"Resource":"*"}'
size --mode strict --accept-assumed
size --mode strict --accept-assumed --include-denied
