# Digests and Insights lie among the logs: neither is usage, and the digests tell which hours were logged and which files
# ought to be there.  It does not matter which of them comes first, or in which summary.
d=tests/usage
logs=$T/AWSLogs/111111111111
mkdir -p "$logs/CloudTrail" "$logs/CloudTrail-Digest" "$logs/CloudTrail-Insight"
$d/days 2 2 ec2 RunInstances false >"$logs/CloudTrail/a.json"
$d/days 2 2 ec2 StopInstances false >"$logs/CloudTrail/b.json"
$d/digest 2 8 >"$logs/CloudTrail-Digest/08.json"
$d/digest 2 9 a.json.gz b.json.gz lost.json.gz >"$logs/CloudTrail-Digest/09.json"
$d/digest 2 12 >"$logs/CloudTrail-Digest/12.json"
echo '{"Records":[{"eventCategory":"Insight","eventType":"AwsCloudTrailInsight"}]}' >"$logs/CloudTrail-Insight/x.json"
verdict usage collect --now 2026-04-01 "$T/AWSLogs" -o "$T/all.vdu"
verdict usage show --coverage "$T/all.vdu" | sed 's/tables [0-9a-f]*/tables X/'
grep unit-missing "$T/all.vdu"

verdict usage collect -q --now 2026-04-01 "$logs/CloudTrail/a.json" "$logs/CloudTrail-Digest/09.json" -o "$T/1.vdu"
verdict usage collect -q --now 2026-04-01 "$logs/CloudTrail-Digest/12.json" "$logs/CloudTrail-Insight/x.json" -o "$T/2.vdu"
verdict usage collect -q --now 2026-04-01 "$logs/CloudTrail/b.json" "$logs/CloudTrail-Digest/08.json" -o "$T/3.vdu"
for order in "1 2 3" "3 1 2" "2 3 1"; do
    set -- $order
    verdict usage merge -q "$T/$1.vdu" "$T/$2.vdu" -o "$T/12.vdu"
    verdict usage merge -q "$T/12.vdu" "$T/$3.vdu" -o "$T/merged.vdu"
    sed 's/#counters.*//; s/"id":"[^"]*"//; s/#end.*//' "$T/merged.vdu" >"$T/x"
    sed 's/#counters.*//; s/"id":"[^"]*"//; s/#end.*//' "$T/all.vdu" | cmp - "$T/x" && echo "the same: $order"
done
echo "not merged:"
verdict usage show --coverage "$T/1.vdu" "$T/2.vdu" "$T/3.vdu" | grep missing
# a digest that makes no sense
echo '{"awsAccountId":"111111111111","digestS3Object":"x","digestStartTime":"2026-03-02T00:00:00Z","digestEndTime":"2036-03-02T00:00:00Z"}' |
    verdict usage collect --now 2026-04-01 - >/dev/null
