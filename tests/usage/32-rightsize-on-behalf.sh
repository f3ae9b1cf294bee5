# A condition on the service that calls is suggested only when it made all the calls.
. tests/usage/records
. tests/usage/rightsizing
policy '{"Sid":"Q","Effect":"Allow","Action":["sqs:CreateQueue","sqs:DeleteQueue"],"Resource":"*"}'
self=$who
who="${who%?},\"invokedBy\":\"cloudformation.amazonaws.com\"}"
event sqs CreateQueue 02 '"requestParameters":{"queueName":"q"}' >"$T/log"
collect
format=text size --accept-assumed --suggest-conditions --drop-unseen all --accept-unmapped | grep -A3 suggested
who=$self
event sqs CreateQueue 03 '"requestParameters":{"queueName":"q"}' >>"$T/log"
collect
format=text size --accept-assumed --suggest-conditions --drop-unseen all --accept-unmapped | grep -A3 suggested
