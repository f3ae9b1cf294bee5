# Conditions are suggested only where every use meets them, as far as anybody can know.
. tests/usage/records
. tests/usage/rightsizing
suggested() {
    collect
    format=json size --accept-assumed --suggest-conditions --drop-unseen all --accept-unmapped "$@" | sed -n '/"suggestions"/,/^  \]/p'
}
policy '{"Sid":"Q","Effect":"Allow","Action":["sqs:CreateQueue","sqs:DeleteQueue"],"Resource":"*"}'
from() { # from ADDRESS [ENDPOINT]
    printf '"sourceIPAddress":"%s"%s,"requestParameters":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111111111111/q"}' \
        "$1" "${2:+,\"vpcEndpointId\":\"$2\"}"
}
# all over two endpoints
event sqs DeleteQueue 02 "$(from 10.0.0.7 vpce-0a)" >"$T/log"
event sqs DeleteQueue 03 "$(from 10.0.1.7 vpce-0b)" >>"$T/log"
suggested
# one of them over none
cp "$T/log" "$T/before"
event sqs DeleteQueue 04 "$(from 203.0.113.9)" >>"$T/log"
suggested
# the same in two summaries, one of which has nothing of endpoints
event sqs DeleteQueue 04 "$(from 203.0.113.9)" >"$T/log"
collect
mv "$T/u" "$T/u1"
cp "$T/before" "$T/log"
collect
verdict usage merge -q "$T/u" "$T/u1" -o "$T/both" && verdict usage merge -q "$T/both" -o "$T/u"
format=json size --accept-assumed --suggest-conditions --drop-unseen all --accept-unmapped | sed -n '/"suggestions"/,/^  \]/p'
# a summary that was made before anybody wrote down whether all came over endpoints
collect
sed -i 's/,"m":"nv"/,"m":"n"/; /^#end/d' "$T/u"
{ cat "$T/u"; echo "#end sha256:$(sha256sum <"$T/u" | cut -d' ' -f1)"; } >"$T/old"
mv "$T/old" "$T/u"
format=json size --accept-assumed --suggest-conditions --drop-unseen all --accept-unmapped | sed -n '/"suggestions"/,/^  \]/p'
# other accounts: the condition names both; where names of resources say it, it is not needed
other() { printf '"requestParameters":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/%s/q"}' "$1"; }
event sqs DeleteQueue 02 "$(other 111111111111)" >"$T/log"
event sqs DeleteQueue 02 "$(other 222222222222)" >>"$T/log"
suggested
suggested --mode strict
# a use of which nobody knows on what
policy '{"Sid":"Q","Effect":"Allow","Action":["sqs:CreateQueue","sqs:DeleteQueue","sqs:ListQueues"],"Resource":"*"}'
event sqs ListQueues 02 '"requestParameters":null' >>"$T/log"
suggested
# a key that a service uses for the principal; a role that is passed to one service, then to another one
self=$who
who="${who%?},\"invokedBy\":\"s3.amazonaws.com\"}"
policy '{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111111111111:key/*"},{"Effect":"Allow","Action":["iam:PassRole","iam:GetRole"],"Resource":"*"}'
event kms Decrypt 02 '"requestParameters":{},"resources":[{"accountId":"111111111111","type":"AWS::KMS::Key","ARN":"arn:aws:kms:eu-west-1:111111111111:key/0a"}]' >"$T/log"
who=$self
event lambda CreateFunction20150331 02 '"requestParameters":{"functionName":"f","role":"arn:aws:iam::111111111111:role/f"}' >>"$T/log"
suggested
event states CreateStateMachine 02 '"requestParameters":{"name":"m","roleArn":"arn:aws:iam::111111111111:role/f"}' >>"$T/log"
suggested
