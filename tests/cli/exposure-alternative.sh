# Rules that AWS does not document, read otherwise: what is there only then, what is not there then, and what does not care.
e="verdict exposure --now 2026-01-01T00:00:00Z --resource-account 111122223333"
allow() { # name, action, condition
    echo "{\"Version\": \"2012-10-17\", \"Statement\": [
  {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"$2\", \"Resource\": \"${4-arn:aws:s3:::b/*}\"${3:+, \"Condition\": $3}}${5:+,
  $5}]}" >"$T/$1.json"
}
ask() {
    echo "--- $*"
    $e "$@" 2>/dev/null | grep -v "^ .* on arn"
}
allow any s3:GetObject '{"StringEquals": {"aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/"}}'
allow none s3:GetObject '{"StringNotEquals": {"aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/"}}'
allow guard s3:GetObject '{"Null": {"aws:PrincipalOrgPaths": "false"}}' "arn:aws:s3:::b/*" '{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/"}}}'
allow arn s3:GetObject '{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666"}}'
allow not-arn s3:GetObject '{"ArnNotLike": {"aws:PrincipalArn": "*"}, "Null": {"aws:PrincipalArn": "false"}}'
allow address s3:GetObject '{"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/99", "x"]}, "Null": {"aws:SourceIp": "false"}}'
allow any-address s3:GetObject '{"ForAnyValue:NotIpAddress": {"aws:SourceIp": "x"}}'
allow half s3:GetObject '{"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8", "x"]}, "Null": {"aws:SourceIp": "false"}}'
allow short s3:ListBucket "" "arn:aws:s3"
allow plain s3:GetObject
for f in any none guard; do
    ask "$T/$f.json" --alternative E508
done
for f in arn not-arn; do
    ask "$T/$f.json" --alternative E534
done
for f in address any-address half; do
    ask "$T/$f.json" --alternative e539
done
ask "$T/short.json" --alternative E309
# two readings, of which each by itself is enough, and none that matters
ask "$T/not-arn.json" --alternative E534,E539 --alternative E508
ask "$T/plain.json" --alternative all
$e "$T/any.json" --alternative E508 --format json 2>/dev/null | grep -E '"(flags|onlyOtherwise)"|reading'
# the witness is one of another reading
$e "$T/any.json" --alternative E508 --save-witness "$T/saved" -q 2>/dev/null
echo "exit $?"
ls "$T/saved" 2>/dev/null
$e "$T/any.json" --alternative E999
echo "exit $?"
$e "$T/any.json" --alternative E508,
echo "exit $?"
# a Deny that nobody can understand
allow broken s3:GetObject "" "arn:aws:s3:::b/*" '{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"NoSuch": {"aws:SourceIp": "192.0.2.1"}}}'
$e "$T/broken.json" "$T/plain.json" -q 2>&1 | sed "s|$T|T|"
