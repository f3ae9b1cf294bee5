# A second copy of a record says more of itself, and facts go to the disk in between: the bytes are the same, in any order.
record() { # ID NAME MORE
    printf '{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/ann","accountId":"111111111111","principalId":"AIDAEXAMPLE0000000001"},"eventTime":"2026-03-02T09:00:00Z","eventSource":"s3.amazonaws.com","eventName":"%s","awsRegion":"eu-west-1","requestParameters":{"bucketName":"b","key":"k"},"eventID":"%s"%s,"eventType":"AwsApiCall","recipientAccountId":"111111111111"}\n' "$2" "$1" "$3"
}
record 0000-1 GetObject '' >"$T/a"
for i in 1 2 3 4 5 6 7 8 9; do record "0001-$i" "Other$i" ''; done >"$T/b"
record 0000-1 GetObject ',"readOnly":true,"eventCategory":"Data","resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::b/k"}]' >"$T/c"
cat "$T/a" "$T/b" "$T/c" | verdict usage collect --now 2026-04-01 -q --in lines --unit u | grep -v '^#' >"$T/held"
cat "$T/a" "$T/b" "$T/c" | verdict usage collect --now 2026-04-01 -q --in lines --unit u --mem 1K --tmp "$T" | grep -v '^#' >"$T/spilled"
verdict usage collect --now 2026-04-01 -q --jobs 1 --mem 1K --tmp "$T" "$T/a" "$T/b" "$T/c" | grep -v '^#' >"$T/files"
cmp "$T/held" "$T/spilled"
cmp "$T/held" "$T/files"
grep -o '"e":"GetObject".*"y":"[a-z]*"' "$T/held"
