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
allow list s3:GetObject '{"StringEquals": {"aws:RequestTag/x": []}}'
allow no-list s3:GetObject '{"StringNotEquals": {"aws:RequestTag/x": []}}' "arn:aws:s3:::b/*" '{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:RequestTag/x": []}}}'
allow mapped s3:GetObject '{"IpAddress": {"aws:SourceIp": ["::ffff:203.0.113.0/120"]}}'
allow half-mapped s3:GetObject '{"NotIpAddress": {"aws:SourceIp": ["::ffff:0:0/96", "nonsense"]}, "Null": {"aws:SourceIp": "false"}}'
allow number s3:GetObject "" "arn:aws:s3:::b/*" '{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"NumericNotEqualsIfExists": {"aws:RequestTag/n": "5"}}}'
allow no-number s3:GetObject '{"NumericNotEquals": {"aws:RequestTag/n": "5"}, "StringEquals": {"aws:RequestTag/n": ["five", "5"]}}'
allow default s3:GetObject '{"StringLike": {"aws:RequestTag/t": "${aws:TagKeys, '"'x*'"'}"}}' 'arn:aws:s3:::b/${aws:TagKeys, '"'a?'"'}/*'
sed -e 's/"Principal": "\*"/"Principal": {"Service": "logs.eu-west-1.amazonaws.com"}/' "$T/plain.json" >"$T/region.json"
allow global s3:GetObject "" "arn:aws:s3:::b/*" '{"Effect": "Deny", "Principal": {"Service": "logs.amazonaws.com"}, "Action": "*", "Resource": "*"}'
sed -e '2s/"Principal": "\*"/"Principal": {"Service": ["logs.eu-west-1.amazonaws.com", "logs.amazonaws.com.cn", "sns.amazonaws.com"]}/' "$T/global.json" >"$T/regions.json"
for f in list no-list; do
    ask "$T/$f.json" --alternative E506
done
for f in mapped half-mapped; do
    ask "$T/$f.json" --alternative E533
done
for f in number no-number; do
    ask "$T/$f.json" --alternative E538
done
ask "$T/default.json" --alternative E554
for f in region regions; do
    ask "$T/$f.json" --alternative E412
done
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
for rule in E116 E420 E421 E504 e610; do
    $e "$T/any.json" --alternative $rule
    echo "exit $?"
done
# a Deny that nobody can understand
allow broken s3:GetObject "" "arn:aws:s3:::b/*" '{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"NoSuch": {"aws:SourceIp": "192.0.2.1"}}}'
$e "$T/broken.json" "$T/plain.json" -q 2>&1 | sed "s|$T|T|"
