# One line of 200 MB, packed and plain, in little memory: nothing holds it as a whole.
r='{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/ann","accountId":"111111111111","principalId":"AIDAEXAMPLE0000000001"},"eventTime":"2026-03-02T09:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"DescribeVpcs","awsRegion":"eu-west-1","eventID":"x","eventType":"AwsApiCall","recipientAccountId":"111111111111","userAgent":"'
pad=$(printf '%0100000d' 0)
{
    printf '{"Records":[%s"}' "$r"
    i=0
    while [ $i -lt 2000 ]; do
        i=$((i + 1))
        printf ',%s%s","n":%d}' "$r" "$pad" $i
    done
    printf ']}'
} | gzip -1 >"$T/long.json.gz"
(
    # A build with a sanitizer needs more address space than any limit would give it.
    if sh -c 'ulimit -v 400000 && verdict version' >/dev/null 2>&1; then
        ulimit -v 400000
    fi
    verdict usage collect --now 2026-04-01 --jobs 1 --mem 64M "$T/long.json.gz" | grep -c DescribeVpcs
    gzip -dc "$T/long.json.gz" | verdict usage collect --now 2026-04-01 --jobs 1 --mem 16M - | grep -o '"eventsTotal":[0-9]*\|"bytesDecoded":[0-9]*'
)
