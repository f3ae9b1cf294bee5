# The caller's log and that of whoever owns the key have a record of the same call: it counts once, for the caller.  Where the
# caller's is not there the other one counts.  However they are dealt out the bytes are the same, also when there are more
# such calls than summaries hold apart.
copies() { # HOW MANY: the caller's on standard output, the owner's to $T/owner
    awk -v n="$1" -v owner="$T/owner" 'BEGIN {
        for (i = 0; i < n; i++) {
            rest = sprintf("\"eventTime\":\"2026-03-%02dT09:00:00Z\",\"eventSource\":\"kms.amazonaws.com\",\"eventName\":\"Decrypt\",\"awsRegion\":\"eu-west-1\",\"requestParameters\":{\"keyId\":\"k%d\"},\"resources\":[{\"ARN\":\"arn:aws:kms:eu-west-1:222222222222:key/k%d\",\"accountId\":\"222222222222\",\"type\":\"AWS::KMS::Key\"}],\"readOnly\":true,\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"eventCategory\":\"Management\",\"sharedEventID\":\"00000000-%d\"", i % 28 + 1, i % 9, i % 9, i)
            printf "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111111111111:user/ann\",\"accountId\":\"111111111111\",\"principalId\":\"AIDAEXAMPLE0000000001\"},%s,\"eventID\":\"c-%d\",\"recipientAccountId\":\"111111111111\"}\n", rest, i
            printf "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"AWSAccount\",\"accountId\":\"111111111111\",\"principalId\":\"AIDAEXAMPLE0000000001\"},%s,\"eventID\":\"o-%d\",\"recipientAccountId\":\"222222222222\"}\n", rest, i >owner
        }
    }'
}
collect() { verdict usage collect --now 2026-04-01 -q "$@"; }
used() { verdict usage show --actions --from 2026-03-01 --to 2026-04-01 -f csv "$@" | cut -d, -f1-7; }
copies 2 >"$T/caller"
collect "$T/caller" "$T/owner" >"$T/both.vdu"
verdict usage show "$T/both.vdu" | grep Decrypt
used "$T/both.vdu"
collect "$T/caller" >"$T/c.vdu"
collect "$T/owner" >"$T/o.vdu"
verdict usage merge -q "$T/o.vdu" "$T/c.vdu" | cmp "$T/both.vdu"
used "$T/c.vdu" "$T/o.vdu" | cmp - /dev/fd/3 3<<X
$(used "$T/both.vdu")
X
echo "one of them has no record of the caller's:"
head -1 "$T/caller" >"$T/first"
collect "$T/first" "$T/owner" | verdict usage show - | grep Decrypt
echo "the owner's alone:"
used "$T/o.vdu"
echo "many:"
copies 12000 >"$T/caller"
split -n l/3 "$T/caller" "$T/part.c."
split -n l/4 "$T/owner" "$T/part.o."
collect "$T"/part.* -o "$T/whole.vdu"
grep -c '"S":"s' "$T/whole.vdu"
grep -c '"k":"pair"' "$T/whole.vdu"
verdict usage show "$T/whole.vdu" | grep Decrypt
for p in "$T"/part.*; do collect "$p" -o "$p.vdu"; done
verdict usage merge -q $(ls -r "$T"/part.*.vdu | head -4) -o "$T/some.vdu"
verdict usage merge -q $(ls -r "$T"/part.*.vdu | tail -n +5) "$T/some.vdu" | cmp "$T/whole.vdu"
collect --mem 64K --jobs 1 --tmp "$T" $(ls -r "$T"/part.*[a-d]) | cmp "$T/whole.vdu"
collect --jobs 3 "$T"/part.*[a-d] | cmp "$T/whole.vdu"
