# What AWS found unused and the logs show in use, within the days that AWS looked at; how long ago what is used was used.
. tests/usage/records
{
    event sqs GetQueueAttributes 02 '"requestParameters":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111111111111/q"}'
    event sqs PurgeQueue 20 '"requestParameters":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111111111111/q"}'
    event sqs DeleteQueue 30 '"requestParameters":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111111111111/q"}'
    event sns ListTopics 03 "$none"
    event ssm ListCommands 03 '"errorCode":"AccessDenied","requestParameters":null'
} >"$T/log"
finding() { # finding ID ANALYZED STATUS DETAILS
    printf '{"id":"%s","resource":"arn:aws:iam::111111111111:role/build/ci","resourceType":"AWS::IAM::Role","resourceOwnerAccount":"111111111111",' "$1"
    printf '"status":"%s","analyzedAt":"%s","createdAt":"2026-01-01T00:00:00Z","updatedAt":"%s","findingType":"UnusedPermission",' "$3" "$2" "$2"
    printf '"findingDetails":[%s]}\n' "$4"
}
sqs='{"unusedPermissionDetails":{"serviceNamespace":"sqs","actions":[{"action":"GetQueueAttributes"},{"action":"PurgeQueue"},{"action":"DeleteQueue"}]}}'
rest='{"unusedPermissionDetails":{"serviceNamespace":"sns"}},{"unusedPermissionDetails":{"serviceNamespace":"ssm"}}'
cat >"$T/p.json" <<'P'
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:*", "sns:ListTopics", "ssm:ListCommands"], "Resource": "*"}]}
P
ask() {
    verdict usage collect -q --now 2026-04-01 "$T/log" "$T/aws.json" -o "$T/u"
    verdict unused --usage "$T/u" --principal arn:aws:iam::111111111111:role/build/ci "$T/p.json" --permissions -f jsonl "$@" | tail -1 | sed 's/.*"accounts"/"accounts"/'
}
# DeleteQueue was used after AWS looked; PurgeQueue on the very day
finding f1 2026-03-20T12:00:00Z ACTIVE "$sqs,$rest" >"$T/aws.json"
ask
# looking back over ten days only
ask --xa-days 10
finding f1 2026-03-20T12:00:00Z RESOLVED "$sqs,$rest" >"$T/aws.json"
ask
finding f1 2026-03-20T12:00:00Z ACTIVE "$sqs,$rest" >"$T/aws.json"
verdict usage collect -q --now 2026-04-01 "$T/log" "$T/aws.json" -o "$T/u"
verdict unused --usage "$T/u" --principal arn:aws:iam::111111111111:role/build/ci "$T/p.json" --permissions | sed -n '/^AWS found/,$p'
verdict unused --usage "$T/u" --principal arn:aws:iam::111111111111:role/build/ci "$T/p.json" --permissions --by action -v | grep "DeleteMessage"
verdict unused --usage "$T/u" --principal arn:aws:iam::111111111111:role/build/ci "$T/p.json" --permissions -f html | grep -A8 'id="accounts"\|id="disagreements"'
verdict unused --usage "$T/u" --xa-days 0 --by day 2>&1
