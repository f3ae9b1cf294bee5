# Who gets in, for people; known findings; witnesses that verdict test runs.
e="verdict exposure --now 2026-01-01T00:00:00Z"
cat >"$T/public.json" <<'END'
{"Version": "2012-10-17", "Statement": [
  {"Sid": "PublicRead", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::www-example/*"},
  {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::www-example/*",
   "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
END
sed 's/"Principal": "\*", "Action": "s3:GetObject"/"Principal": {"AWS": "444455556666"}, "Action": ["s3:GetObject", "s3:PutObject"]/' \
    "$T/public.json" >"$T/named.json"
# Which request is found may change with the solver: that there is one is what counts.
filter() {
    sed -e 's/^      e[.]g[.] .*/      e.g. a request/' -e '/^           /d' -e 's/; e[.]g[.] .*/; e.g. a request/' -e 's/^- for example .*/- for example a request/' \
        -e 's/e[.]g[.] .[[0-9;]*m.*/e.g. a request/' -e '/^      .[[0-9;]*m     .[[0-9;]*m/d'
}
ask() {
    echo "--- $*" | sed "s#$e#exposure#"
    "$@" >"$T/out"
    code=$?
    filter <"$T/out"
    echo "exit $code"
}
$e "$T/public.json"
ask $e "$T/public.json"
ask $e "$T/named.json" -v
ask $e "$T/named.json" -q
ask $e "$T/named.json" --fail-on medium -q
ask $e "$T/named.json" --zone account:444455556666
ask $e "$T/public.json" --s3-policy-status -q
ask $e "$T/public.json" --format github
ask $e "$T/public.json" --format markdown
# known findings
ask $e "$T/named.json" --write-baseline "$T/baseline.json" -q
ask $e "$T/named.json" "$T/public.json" --baseline "$T/baseline.json"
echo '[{"name": "the partner", "filter": {"principal.AWS": {"eq": ["444455556666"]}, "isPublic": {"eq": [false]}}}]' >"$T/archive.json"
ask $e "$T/named.json" --archive "$T/archive.json"
ask $e "$T/public.json" --archive "$T/archive.json" -q
ask $e "$T/public.json" --against "$T/named.json"
ask $e "$T/public.json" --against "$T/public.json" -q
# the same, whatever the number of threads
$e policies --resource-account 111122223333 --jobs 1 -f json >"$T/one.json"
$e policies --resource-account 111122223333 --jobs 8 -f json >"$T/eight.json"
cmp "$T/one.json" "$T/eight.json"
# what is saved is a scenario
$e "$T/public.json" "$T/named.json" --save-witness "$T/saved" -q
ls "$T/saved" | wc -l
ask verdict test "$T/saved"
for f in "$T"/saved/*; do
    verdict eval --scenario "$f"
    verdict explain --scenario "$f" | head -3
done
# a template: whom a parameter names is some account, as long as nobody says which
cat >"$T/template.yaml" <<'END'
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Vendor: {Type: String}
Resources:
  Logs: {Type: "AWS::S3::Bucket"}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Logs
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: s3:GetObject, Resource: !Sub "${Logs.Arn}/*"}
          - {Effect: Allow, Principal: {AWS: !Ref Vendor}, Action: s3:PutObject, Resource: !Sub "${Logs.Arn}/in/*"}
END
ask $e "$T/template.yaml" 2>/dev/null
echo '{"Parameters": {"Vendor": "444455556666"}}' >"$T/values.json"
ask $e "$T/template.yaml" --parameters "$T/values.json" --resource-account 111122223333
ask $e "$T/template.yaml" --parameters "$T/values.json" --resource-account 444455556666
# names that would talk to a terminal, end a comment or a cell
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:GetObject",
"Resource": "arn:aws:s3:::b/\\u001b[31mred\\u202e-->|`y<b>*"}]}' >"$T/evil.json"
for form in text github markdown; do
    ask $e "$T/evil.json" --format $form
done
# what the catalogue thinks impossible is a note, which is shown when somebody wants it or there is nothing else
sed 's/"s3:GetObject"/["s3:GetObject", "s3:ListBucket"]/' "$T/public.json" >"$T/odd.json"
sed 's/"s3:GetObject"/"s3:ListBucket"/' "$T/public.json" >"$T/only-odd.json"
ask $e "$T/odd.json"
ask $e "$T/odd.json" -v
ask $e "$T/only-odd.json"
ask $e "$T/only-odd.json" --fail-on note -q
ask $e "$T/odd.json" --format markdown
# the policy of a VPC endpoint has a say about what passes it, if anybody says which endpoint it is of
sed 's/"Resource": "arn:aws:s3:::www-example\/\*"}/"Resource": "arn:aws:s3:::www-example\/*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}/' \
    "$T/public.json" >"$T/private.json"
echo '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "*", "Resource": "*"}]}' >"$T/endpoint.json"
ask $e "$T/private.json"
ask $e "$T/private.json" --endpoint "$T/endpoint.json" --save-witness "$T/over"
ask $e "$T/public.json" --endpoint "$T/endpoint.json" --save-witness "$T/over" -v
ask $e "$T/public.json" --endpoint "$T/endpoint.json" --assume aws:SourceVpce=vpce-1a2b3c4d --save-witness "$T/over"
verdict test "$T/over"
$e "$T/private.json" --endpoint "$T/endpoint.json" 2>&1 >/dev/null
$e "$T/private.json" --endpoint "$T/endpoint.json" --resource-account 444455556666 2>&1 >/dev/null
$e "$T/public.json" --endpoint "$T/endpoint.json" 2>&1 >/dev/null
# a zone of thousands, and among them who would be the usual witness
awk 'BEGIN { printf "{\"accounts\": ["; for (i = 0; i < 3000; i++) printf "%s\"99998888%04d\"", i ? ", " : "", 6000 + i; print "]}" }' >"$T/zone.json"
sed -e 's/"Resource": "arn:aws:s3:::www-example\/\*"}/"Resource": "arn:aws:s3:::www-example\/*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role\/r"}}}/' \
    "$T/public.json" >"$T/signed.json"
for zone in account:111122223333 "$T/zone.json"; do
    $e "$T/signed.json" --zone "$zone" -f json | grep -o '"arn:aws:sts::[0-9]*' | sort -u
done
sed 's/"arn:aws:iam::[*]:role.r"/"arn:aws:iam::999988887001:role\/r"/' "$T/signed.json" >"$T/member.json"
ask $e "$T/member.json" --zone "$T/zone.json"
# what a Deny tests must be otherwise: operator, values and words say the same
cat >"$T/tls.json" <<'END'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::www-example/*"},
  {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
  {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:Referer": "x"}}},
  {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
END
$e "$T/tls.json" -f json | sed -n '/"requires"/,/"flags"/p' | grep -v '[]{}[]'
# what S3 would not take is told beside what changes
cat >"$T/blocked.json" <<'END'
{"request": {"principal": "anonymous", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/a", "resourceAccount": "111122223333"},
 "policies": {"resource": [{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}]},
 "resourceState": {"blockPublicAccess": {"BlockPublicPolicy": true}}}
END
$e "$T/blocked.json" --against "$T/private.json" -q 2>&1
$e "$T/blocked.json" --against "$T/private.json" 2>&1 >/dev/null
$e "$T/blocked.json" 2>&1 >/dev/null
