# Who only tried has not used; on what he tried is told.
. tests/usage/records
{
    event sqs DeleteQueue 02 "$none,\"errorCode\":\"AccessDenied\",\"resources\":[{\"ARN\":\"arn:aws:sqs:eu-west-1:111111111111:q\"}]"
    event sqs DeleteQueue 05 "$none,\"errorCode\":\"AccessDenied\",\"resources\":[{\"ARN\":\"arn:aws:sqs:eu-west-1:111111111111:q\"}]"
    event glue CreateJob 05 '"requestParameters":{"role":"arn:aws:iam::111111111111:role/exec"},"errorCode":"AccessDeniedException"'
    event sqs ListQueues 05 "$none,\"errorCode\":\"ExpiredTokenException\""
} | actions
