# What is too large for one managed policy becomes several; inline there is no room for it.
. tests/usage/records
. tests/usage/rightsizing
i=10
while [ $i -lt 70 ]; do
    for name in GetQueueAttributes SetQueueAttributes PurgeQueue; do
        event sqs $name 0$((i % 9 + 1)) "$(queue "orders-of-the-customer-by-a-long-name-$(echo $i | tr 0-9 a-j)-$name")"
    done
    i=$((i + 1))
done >"$T/log"
collect
policy '{"Sid":"Queues","Effect":"Allow","Action":["sqs:GetQueueAttributes","sqs:SetQueueAttributes","sqs:PurgeQueue"],"Resource":"*"}'
size --mode strict --policy-type managed >"$T/out"
grep '"name"\|exit' "$T/out"
format=json size --mode strict --policy-type managed | grep 'coversUse\|nothingNew'
size --mode strict
size --mode trim
# a policy of 30 KB, which takes six
i=10
while [ $i -lt 70 ]; do
    for name in GetQueueAttributes SetQueueAttributes PurgeQueue TagQueue UntagQueue ListQueueTags; do
        event sqs $name 0$((i % 9 + 1)) "$(queue "orders-of-the-customer-by-a-long-name-$(echo $i | tr 0-9 a-j)-$name")"
    done
    i=$((i + 1))
done >"$T/log"
collect
policy '{"Sid":"Queues","Effect":"Allow","Action":"sqs:*Queue*","Resource":"*"}'
set -- --mode strict --accept-assumed --policy-type managed
size "$@" | grep '"name"\|exit'
# where only so many can be attached, patterns grant some of it again, and say so
format=text size "$@" --max-attached 2
format=json size "$@" --max-attached 2 | sed -n '/"quotas"/,/"proof"/p'
# roles are told one by one, whatever the size
i=10
while [ $i -lt 70 ]; do
    event sts AssumeRole 0$((i % 9 + 1)) "\"requestParameters\":{\"roleArn\":\"arn:aws:iam::111111111111:role/$(printf "%0200d" $i)\",\"roleSessionName\":\"s\"}"
    i=$((i + 1))
done >"$T/log"
collect
policy '{"Effect":"Allow","Action":["sts:AssumeRole","sqs:PurgeQueue"],"Resource":"*"}'
set -- --mode strict --drop-unseen all --accept-unmapped
format=text size "$@"
format=markdown size "$@"
size "$@"
size --mode strict --max-attached 21
size --mode strict --max-attached 0
