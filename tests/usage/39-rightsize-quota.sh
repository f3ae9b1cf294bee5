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
