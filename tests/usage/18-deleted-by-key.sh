# One record says that many objects are deleted, others which ones they were: nothing is said about the whole bucket, however
# the records are dealt out, and in whatever order they come.
record() { # NAME KEY REQUEST ID MORE
    printf '{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/ann","accountId":"111111111111","principalId":"AIDAEXAMPLE0000000001"},"eventTime":"2026-03-02T09:00:00Z","eventSource":"s3.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","requestParameters":{"bucketName":"b"%s},"requestID":"%s","eventID":"e-%s","readOnly":false,"eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111111111111","eventCategory":"Data"%s}\n' "$1" "$2" "$3" "$4" "$5"
}
record DeleteObjects ',"delete":""' R1 1 >"$T/1"
record DeleteObject ',"key":"logs/a"' R1 2 >"$T/2"
record DeleteObject ',"key":"logs/b"' R1 3 >"$T/3"
record DeleteObject ',"key":"alone"' R2 4 >"$T/4"
collect() { verdict usage collect --now 2026-04-01 -q "$@"; }
used() { verdict usage show --actions --from 2026-03-01 --to 2026-04-01 -f csv "$1" | cut -d, -f3,5,9-; }
collect "$T/1" "$T/2" "$T/3" "$T/4" >"$T/all.vdu"
used "$T/all.vdu"
verdict usage show "$T/all.vdu" | grep -o 'DeleteObject.*'
for i in 1 2 3 4; do collect "$T/$i" -o "$T/$i.vdu"; done
verdict usage merge -q "$T/3.vdu" "$T/1.vdu" -o "$T/31.vdu"
verdict usage merge -q "$T/4.vdu" "$T/31.vdu" "$T/2.vdu" -o "$T/tree.vdu"
cmp "$T/all.vdu" "$T/tree.vdu"
collect --jobs 1 --mem 1K --tmp "$T" "$T/4" "$T/3" "$T/2" "$T/1" | cmp "$T/all.vdu"
echo "one after the other, not merged:"
used "$T/1.vdu" | tail -1
verdict usage show --actions --from 2026-03-01 --to 2026-04-01 -f csv "$T/1.vdu" "$T/2.vdu" | cut -d, -f3,5,9- | tail -1
echo "as long as nothing else is known of the request, or it says more than that, it is about the whole bucket:"
record DeleteObjects ',"delete":"","x-amz-bypass-governance-retention":"true"' R1 5 >"$T/5"
record DeleteObjects ',"delete":""' R1 6 ',"errorCode":"InternalError"' >"$T/6"
for f in 5 6; do collect "$T/$f" "$T/2" >"$T/s.vdu"; used "$T/s.vdu" | grep -o 's3:DeleteObject,.*'; done
