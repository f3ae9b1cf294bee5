# Trails may leave out the events of KMS: the settings say so, or there are none among many others.
d=tests/usage
$d/days 1 31 ec2 RunInstances false >"$T/log"
collect() { verdict usage collect -q --now 2026-04-01 "$@" -o "$T/a.vdu" && verdict usage show --coverage "$T/a.vdu" | sed -n '/^events/,$p'; }
collect "$T/log"
$d/days 3 3 kms Decrypt true >"$T/kms"
echo "with one of kms:"
collect "$T/log" "$T/kms"
cat >"$T/settings" <<'X'
{"trailList": [{"Name": "org", "TrailARN": "arn:aws:cloudtrail:us-east-1:111111111111:trail/org", "IsMultiRegionTrail": true}]}
{"TrailARN": "arn:aws:cloudtrail:us-east-1:111111111111:trail/org", "EventSelectors": [{"ReadWriteType": "All",
  "IncludeManagementEvents": true, "DataResources": [], "ExcludeManagementEventSources": ["kms.amazonaws.com"]}]}
X
echo "told to leave it out:"
collect "$T/log" "$T/settings"
