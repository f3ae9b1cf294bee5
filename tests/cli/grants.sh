# Granted or proven not to be; layers, sets of actions, what makes no sense.
filter() { # which request is found may change with the solver
    sed -e 's/^      e[.]g[.] .*/      e.g. a request/' -e '/^           /d' -e 's/; e[.]g[.] .*/; e.g. a request/'
}
ask() {
    echo "--- $*"
    "$@" --now 2026-01-01T00:00:00Z >"$T/out"
    code=$?
    filter <"$T/out"
    echo "exit $code"
}
d=policies/examples/team-data
cat >"$T/all.json" <<'END'
{"Version": "2012-10-17", "Statement": [
  {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"},
  {"Sid": "NoIam", "Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}
END
sed 's/"Resource": "\*"}]}/"Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}]}/' "$T/all.json" >"$T/vpce.json"
ask verdict grants $d/dev.json --actions s3:PutObject
ask verdict grants $d/dev.json --actions 's3:Delete*'
ask verdict grants $d/dev.json --actions s3:GetObject --resources 'arn:aws:s3:::other/*'
ask verdict grants $d/dev.json --resources 'arn:aws:s3:::team-data/*'
ask verdict grants $d/dev.json $d/auditor.json --actions s3:GetObject,s3:PutObject --resources 'arn:aws:s3:::team-data/*,arn:aws:s3:::other/*' --all
ask verdict grants "$T/all.json" --actions iam:PassRole
ask verdict grants "$T/vpce.json" --actions iam:PassRole
ask verdict grants "$T/vpce.json" --actions iam:PassRole --without-conditions
ask verdict grants "$T/all.json" --actions s3:PutObject --boundary $d/auditor.json --principal arn:aws:iam::111122223333:user/alice
ask verdict grants "$T/all.json" --actions @escalation -q
ask verdict grants $d/auditor.json --actions @admin
ask verdict grants $d/dev.json --actions s3:GetObject --format github
ask verdict grants $d/dev.json --actions s3:GetObject --format markdown
ask verdict grants $d/dev.json --actions s3:GetObject --budget 1
# what makes no sense
ask verdict grants --actions s3:GetObject
ask verdict grants $d/dev.json
ask verdict grants $d/dev.json --actions s3:GetObjcet
ask verdict grants $d/dev.json --actions GetObject
ask verdict grants $d/dev.json --actions @admni
ask verdict grants $d/dev.json --actions s3:GetObject,,
ask verdict grants $d/dev.json --actions s3:GetObject --resources bucket
ask verdict grants $d/none.json $d/dev.json --actions s3:PutObject
ask verdict grants $d/dev.json --actions s3:GetObject --principal alice
verdict grants $d/dev.json --actions 's3:*' --all --now 2026-01-01T00:00:00Z --save-witness "$T/saved" -q
verdict test "$T/saved" | tail -1
# a session, whose role may have any path; calls without a signature, of services that take some
cat >"$T/role.json" <<'EOF'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ops/r"}, "Action": "sqs:*", "Resource": "*"}]}
EOF
cat >"$T/unsigned.json" <<'EOF'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": ["sqs:*", "dynamodb:*"], "Resource": "*", "Condition": {"Null": {"aws:PrincipalArn": "true", "aws:PrincipalServiceName": "true"}}}]}
EOF
for who in assumed-role/r/s assumed-role/ops/s role/ops/r role/r; do
    case $who in role/*) service=iam ;; *) service=sts ;; esac
    ask verdict grants "$T/role.json" --actions sqs:SendMessage --principal "arn:aws:$service::111122223333:$who"
done
ask verdict grants "$T/unsigned.json" --actions sqs:SendMessage
ask verdict grants "$T/unsigned.json" --actions dynamodb:GetItem
ask verdict grants "$T/unsigned.json" --actions 'dynamodb:*,sqs:*' --all
# a value with nothing in it, beside one with a variable that the caller lacks (E536): it is found whatever the resource stands for
cat >"$T/blank.json" <<'EOF'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/r"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*", "Condition": {"StringEquals": {"aws:Referer": ["", "home/${aws:username}"]}}}]}
EOF
ask verdict grants "$T/blank.json" --actions s3:GetObject
# what is no ARN passes no test of ARNs, negated or not: the Deny lets it through
cat >"$T/no-arn.json" <<'EOF'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*", "Condition": {"Null": {"aws:username": "true"}}},
  {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*", "Condition": {"ArnNotLike": {"aws:RequestTag/x": "arn:aws:iam::111122223333:user/${aws:username}"}}}]}
EOF
ask verdict grants "$T/no-arn.json" --actions s3:PutObject
# the default of a key with several values, which are there whenever a tag is
cat >"$T/list.json" <<'EOF'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/x": "y"}}},
  {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/x": "${aws:TagKeys, 'y'}"}}}]}
EOF
ask verdict grants "$T/list.json" --actions s3:PutObject
# all that the one list says the other does
cat >"$T/lists.json" <<'EOF'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:PutObject", "Resource": ["arn:aws:s3:::b/${aws:PrincipalTag/t}/*", "arn:aws:s3:::b/${aws:PrincipalTag/t, 'all'}/x/*"]},
  {"Effect": "Deny", "Action": "s3:PutObject", "Resource": ["arn:aws:s3:::b/all/*", "arn:aws:s3:::b/${aws:PrincipalTag/t, 'all'}/*"]}]}
EOF
ask verdict grants "$T/lists.json" --actions s3:PutObject
sed "s/b\/\${aws:PrincipalTag\/t, 'all'}\/\*\"\]}\]/b\/\${aws:PrincipalTag\/t, 'all'}\/x*\"]}]/" "$T/lists.json" >"$T/lists2.json"
ask verdict grants "$T/lists2.json" --actions s3:PutObject
# more keys than a request may have: nobody could be asked about it
awk 'BEGIN {
    printf "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {\"StringEquals\": {"
    for (i = 0; i < 251; i++)
        printf "%s\"aws:PrincipalTag/k%d\": \"v\"", i ? ", " : "", i
    print "}}}]}"
}' >"$T/keys.json"
ask verdict grants "$T/keys.json" --actions s3:GetObject
# a template that leaves open which statements there are: its variants say so once
{
    printf 'Conditions:\n'
    for i in 1 2 3 4 5 6; do printf '  C%d: !Equals [!Ref "AWS::Region", r%d]\n' $i $i; done
    printf 'Resources:\n  A:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n'
    printf '        Version: "2012-10-17"\n        Statement:\n'
    for i in 1 2 3 4 5 6; do
        printf '          - !If [C%d, {Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::b%d/*"}, !Ref "AWS::NoValue"]\n' $i $i
    done
} >"$T/open.yaml"
ask verdict grants "$T/open.yaml" --actions s3:GetObject
