# A wildcard is written where the old policy had it, and all that it names today stays; else names are.
. tests/usage/records
. tests/usage/rightsizing
{
    for name in ListQueues ListQueueTags ListDeadLetterSourceQueues ListMessageMoveTasks; do
        event sqs $name 03 "$(queue q)"
    done
} >"$T/log"
collect
policy '{"Effect":"Allow","Action":"sqs:List*","Resource":"*"}'
size --mode strict --accept-assumed
policy '{"Effect":"Allow","Action":["sqs:ListM*","sqs:ListD*","sqs:ListQ*"],"Resource":"*"}'
size --mode strict --accept-assumed
policy '{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}'
size --mode strict --accept-assumed --drop-unseen all --accept-unmapped
size --mode trim --accept-assumed --drop-unseen all --accept-unmapped
