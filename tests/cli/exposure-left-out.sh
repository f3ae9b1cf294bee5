# What is attached to no resource is counted, and verdict lint is the one that finds fault with it.
e="verdict exposure --now 2026-01-01T00:00:00Z"
allow='"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"'
mkdir "$T/both" "$T/three" "$T/none"
for f in both three; do
    echo "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"a b\", $allow, \"Principal\": \"*\"}]}" >"$T/$f/bucket.json"
    echo "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"c d\", $allow, \"Condition\": {\"StringEquls\": {\"aws:SourceIp\": \"x\"}}}]}" >"$T/$f/people.json"
done
cp "$T/both/people.json" "$T/three/more.json"
cp "$T/both/people.json" "$T/none"
cat >"$T/three/template.yaml" <<'END'
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Control:
    Type: AWS::Organizations::Policy
    Properties:
      Name: control
      Type: SERVICE_CONTROL_POLICY
      Content: {Version: "2012-10-17", Statement: [{Sid: e f, Effect: Deny, Action: "s3:GetObject", Resource: "*"}]}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: mine
      PolicyDocument: {Version: "2012-10-17", Statement: [{Sid: g h, Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::mine/*"}]}
END
ask() {
    "$@" >"$T/out" 2>"$T/err"
    code=$?
    sed "s#$T#T#" "$T/err"
    grep -E '^(\*\*)?[0-9]+ finding' "$T/out"
    echo "exit $code"
}
for f in both three none; do
    ask $e "$T/$f" --resource-account 111122223333
done
ask $e "$T/both" --resource-account 111122223333 -v
ask $e "$T/both" --resource-account 111122223333 -f markdown
ask $e "$T/both/people.json"
for f in both three none; do
    $e "$T/$f" --resource-account 111122223333 -f json 2>/dev/null | sed -n '/"leftOut"/,/}/p'
done
# what has expired lets nobody in any more
echo "{\"Version\": \"2012-10-17\", \"Statement\": [{$allow, \"Principal\": \"*\", \"Condition\": {\"DateLessThan\": {\"aws:CurrentTime\": \"2020-01-01T00:00:00Z\"}}}]}" >"$T/old.json"
sed 's/aws:CurrentTime": "[^"]*"/aws:EpochTime": "1577836800"/; s/DateLess/NumericLess/' "$T/old.json" >"$T/old-epoch.json"
for f in old old-epoch; do
    ask $e "$T/$f.json"
    ask verdict exposure "$T/$f.json" --now 2019-06-01T00:00:00Z
done
# what has yet to begin will
sed 's/LessThan/GreaterThan/; s/2020/2030/' "$T/old.json" >"$T/new.json"
ask $e "$T/new.json"
