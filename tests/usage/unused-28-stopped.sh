# A trail that was stopped for two days: what is not seen in the rest may have been used then.
stop='{"eventVersion":"1.08","userIdentity":{"type":"Root","principalId":"222222222222","arn":"arn:aws:iam::222222222222:root","accountId":"222222222222"},"eventSource":"cloudtrail.amazonaws.com","awsRegion":"eu-central-1","requestParameters":{"name":"all"},"readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"222222222222","eventCategory":"Management"'
{
    echo "$stop,\"eventTime\":\"2025-05-10T07:00:00Z\",\"eventName\":\"StopLogging\",\"eventID\":\"11111111-0000-4000-8000-000000000001\"}"
    echo "$stop,\"eventTime\":\"2025-05-12T07:00:00Z\",\"eventName\":\"StartLogging\",\"eventID\":\"11111111-0000-4000-8000-000000000002\"}"
} >"$T/stop.jsonl"
verdict usage collect -q --now 2025-06-02 corpus/trails/month/logs "$T/stop.jsonl" -o "$T/m.vdu"
verdict unused --usage "$T/m.vdu" --snapshot corpus/snapshots/acme --principal '*:role/bastion' -v 2>/dev/null | grep -e gap -e '^  [a-z-]*:'
