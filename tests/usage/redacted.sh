# What is nobody's business outside: access keys but for their ends, session tokens, mail in the names of sessions.  The same
# text is the same pseudonym under one salt, whether it is hidden while collecting or afterwards.
record() { # ID IDENTITY RESOURCE
    printf '{"eventVersion":"1.08","userIdentity":{%s},"eventTime":"2026-03-02T09:00:00Z","eventSource":"sts.amazonaws.com","eventName":"GetCallerIdentity","awsRegion":"eu-west-1","requestParameters":{"name":"x"},"resources":[{"ARN":"%s"}],"eventID":"e-%s","eventType":"AwsApiCall","recipientAccountId":"111111111111"}\n' "$2" "$3" "$1"
}
role='"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:dana@example.com","arn":"arn:aws:sts::111111111111:assumed-role/r/dana@example.com","accountId":"111111111111","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE0000000001","arn":"arn:aws:iam::111111111111:role/r","accountId":"111111111111"},"sourceIdentity":"dana@example.com"}'
{
    record 1 "$role" 'arn:aws:sts::111111111111:assumed-role/r/dana@example.com'
    record 2 '"type":"SAMLUser","principalId":"x:dana@example.com","userName":"dana@example.com","identityProvider":"saml"' 'arn:aws:s3:::b/mail/dana@example.com'
    record 3 '"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/otto@example.com","accountId":"111111111111","principalId":"AIDAEXAMPLE0000000001"' 'arn:aws:s3:::b/AKIAIOSFODNN7EXAMPLE.txt'
    record 4 "$role" "arn:aws:s3:::b/FwoGZXIvYXdzE$(printf '%0120d' 7)"
    record 5 '"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/otto@example.com","accountId":"111111111111","principalId":"AIDAEXAMPLE0000000001"' 'arn:aws:sts::111111111111:federated-user/eva.x+1@mail.example.org'
} >"$T/a.jsonl"
cat >"$T/key.json" <<'X'
{"UserName":"otto","AccessKeyLastUsed":{"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","LastUsedDate":"2026-03-02T09:00:00Z","ServiceName":"s3","Region":"eu-west-1"},"AccessKeyId":"AKIAIOSFODNN7EXAMPLE"}
X
collect() { verdict usage collect --now 2026-04-01 -q "$T/a.jsonl" "$T/key.json" "$@"; }
collect -o "$T/plain.vdu"
grep -c 'dana@\|AKIAIOS\|FwoG\|eva' "$T/plain.vdu"
collect --redact --redact-salt pepper -o "$T/hidden.vdu"
grep '^{' "$T/hidden.vdu"
echo "the same afterwards, and again:"
verdict usage merge -q --redact --redact-salt pepper "$T/plain.vdu" | cmp "$T/hidden.vdu"
VERDICT_REDACT_SALT=pepper verdict usage merge -q --redact "$T/hidden.vdu" | cmp "$T/hidden.vdu"
echo "others under another salt:"
collect --redact --redact-salt salt | grep -o '"I":[^]]*.'
collect --redact | grep -o '"I":[^]]*.'
echo "reports say the same pseudonyms:"
hide='--redact --redact-salt pepper'
seen() { grep -o '\(key\|mail\|token\)-[0-9a-f]\{16\}[-A-Z]*' | sort -u; }
leaks() { grep -c 'dana@\|AKIAIOS\|FwoG\|eva' "$1"; }
seen <"$T/hidden.vdu" >"$T/want"
verdict usage show $hide -f json "$T/plain.vdu" >"$T/x"
leaks "$T/x"
seen <"$T/x" | comm -13 - "$T/want"
verdict usage show --actions $hide -f json="$T/x" "$T/plain.vdu"
leaks "$T/x"
role=arn:aws:iam::111111111111:role/r
echo '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["sqs:GetQueueAttributes","sqs:DeleteQueue"],"Resource":"*"}}' >"$T/p.json"
. tests/usage/records
who=$(role r AROAEXAMPLE0000000001)
event sqs GetQueueAttributes 02 '"requestParameters":{"queueUrl":"https://sqs.eu-west-1.amazonaws.com/111111111111/AKIAIOSFODNN7EXAMPLE"}' >"$T/log"
event sqs DeleteQueue 02 '"errorCode":"AccessDenied","errorMessage":"User: arn:aws:sts::111111111111:assumed-role/r/dana@example.com is not authorized to perform: sqs:PurgeQueue"' >>"$T/log"
verdict usage collect -q --now 2026-04-01 "$T/log" -o "$T/q.vdu"
for f in text json csv sarif html; do
    verdict unused $hide --permissions --usage "$T/q.vdu" --principal $role "$T/p.json" -f $f="$T/x" 2>/dev/null
    verdict unused --permissions --usage "$T/q.vdu" --principal $role "$T/p.json" -f $f="$T/y" 2>/dev/null
    echo "$f $(leaks "$T/x") $(leaks "$T/y")"
done
verdict usage map-check -q "$T/log" >"$T/x"
leaks "$T/x"
verdict usage map-check $hide -q "$T/log" >"$T/x"
leaks "$T/x"
size="verdict rightsize $T/p.json --usage $T/q.vdu --principal $role --min-window 0 --min-coverage 0 -m strict --accept-assumed -v"
$size >"$T/x"
leaks "$T/x"
$size $hide >"$T/x"
leaks "$T/x"
$size $hide -f policy 2>&1
$size --redact-salt x 2>&1
verdict unused --usage "$T/q.vdu" --principal $role "$T/p.json" --redact-salt x 2>&1
exit 0
