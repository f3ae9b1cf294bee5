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
