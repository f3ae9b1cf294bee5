# Month by month: with more evidence there is never less, patterns stay, and what changed is told.
. tests/usage/records
. tests/usage/rightsizing
jobs() { # jobs NAME...
    for name in "$@"; do
        event sqs PurgeQueue 02 "$(queue "job-$name")"
    done
}
policy '{"Sid":"Q","Effect":"Allow","Action":["sqs:PurgeQueue","sqs:DeleteQueue"],"Resource":"arn:aws:sqs:*:111111111111:*"}'
set -- --mode strict --accept-assumed --resource-slack 9
jobs alpha beta gamma delta epsilon zeta eta theta iota >"$T/log"
collect
size "$@" -o "$T/first" | grep -o 'job-[^"]*\|exit.*'
# the next month fewer of them: the pattern stays when the last policy is known
jobs alpha beta gamma delta epsilon >"$T/log"
collect
size "$@" | grep -o 'job-[^"]*\|exit.*'
size "$@" --previous "$T/first" | grep -o 'job-[^"]*\|exit.*'
format=text size "$@" --previous "$T/first" | grep -A3 'since the last'
# and then too few
jobs alpha beta >"$T/log"
event sqs DeleteQueue 02 "$(queue other)" >>"$T/log"
collect
size "$@" --previous "$T/first" | grep -o 'job-[^"]*\|exit.*'
format=text size "$@" --previous "$T/first" | grep -A3 'since the last'
format=json size "$@" --previous "$T/first" | sed '$d' >"$T/json"
schema-check docs/schema/rightsize.json "$T/json"
sed -n '/"previous"/,/^  }/p' "$T/json"
# several documents that were made
i=10
while [ $i -lt 70 ]; do
    for name in GetQueueAttributes SetQueueAttributes PurgeQueue; do
        event sqs $name 0$((i % 9 + 1)) "$(queue "orders-of-the-customer-by-a-long-name-$(echo $i | tr 0-9 a-j)-$name")"
    done
    i=$((i + 1))
done >"$T/log"
collect
policy '{"Sid":"Queues","Effect":"Allow","Action":["sqs:GetQueueAttributes","sqs:SetQueueAttributes","sqs:PurgeQueue"],"Resource":"*"}'
size --mode strict --policy-type managed -o "$T/many" >/dev/null
format=text size --mode strict --policy-type managed --previous "$T/many" | grep -A1 'since the last'
# nonsense
echo '{}' >"$T/nothing"
size --previous "$T/nothing"
size --previous "$T/gone"
