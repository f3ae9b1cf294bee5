# Without data events the logs cannot show who reads objects; one of them shows that some are logged, and which nobody knows;
# the settings of the trail tell.
d=tests/usage
{
    $d/days 1 31 ec2 RunInstances false
    $d/days 1 31 ec2 DescribeInstances true
} >"$T/log"
verdict usage collect -q --now 2026-04-01 "$T/log" -o "$T/a.vdu"
verdict usage show --coverage "$T/a.vdu" | sed -n '/^events/,$p'
$d/days 5 5 s3 GetObject true ',"eventCategory":"Data","managementEvent":false,"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::b/k"}]' >>"$T/log"
verdict usage collect -q --now 2026-04-01 "$T/log" -o "$T/a.vdu"
verdict usage show --coverage "$T/a.vdu" | sed -n '/^events/,$p'
cat >"$T/trails" <<'X'
{"trailList": [{"Name": "org", "TrailARN": "arn:aws:cloudtrail:us-east-1:111111111111:trail/org", "HomeRegion": "us-east-1",
  "IsMultiRegionTrail": true, "IncludeGlobalServiceEvents": true, "HasCustomEventSelectors": true}]}
X
cat >"$T/selectors" <<'X'
{"TrailARN": "arn:aws:cloudtrail:us-east-1:111111111111:trail/org", "AdvancedEventSelectors": [
  {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
  {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]},
  {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]},
    {"Field": "resources.ARN", "StartsWith": ["arn:aws:lambda:us-east-1:111111111111:function:a"]}]}]}
X
verdict usage collect -q --now 2026-04-01 "$T/log" "$T/trails" "$T/selectors" -o "$T/a.vdu"
verdict usage show --coverage "$T/a.vdu" | sed -n '/^events/,$p'
