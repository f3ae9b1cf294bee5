# What makes no sense is told, and what is good beside it is answered.
e="verdict exposure --now 2026-01-01T00:00:00Z -q"
ask() {
    "$@"
    echo "exit $?"
}
echo '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}' >"$T/good.json"
echo '{"Version": "2012-10-17", "Statement": [' >"$T/broken.json"
echo '{}' >"$T/empty.json"
: >"$T/nothing.json"
ask $e "$T/broken.json" "$T/good.json"
ask $e "$T/none.json"
ask $e "$T/empty.json"
ask $e "$T/nothing.json"
mkdir "$T/folder"
ask $e "$T/folder"
ask $e policies/people
ask $e policies/people/require-mfa.json
ask $e nosuchrevision:policies
ask $e "$T/good.json" --zone 111122223333
ask $e "$T/good.json" --zone account:12
ask $e "$T/good.json" --resource b
ask $e "$T/good.json" policies/web-app/site-bucket.json --resource arn:aws:s3:::b
ask $e "$T/good.json" --resource-account 12
ask $e "$T/good.json" --assume aws:SourceIp
ask $e "$T/good.json" --assume SourceIp=1
ask $e "$T/good.json" --assume aws:SorceIp=1.2.3.4
ask $e "$T/good.json" --assume aws:SourceVpc- --assume aws:SourceVpc!
ask $e "$T/good.json" --now yesterday
ask $e "$T/good.json" --budget 0
ask $e "$T/good.json" --certify "$T/no/where"
ask $e "$T/good.json" --budget many
ask $e "$T/good.json" --public-ip-bits 99,1
ask $e "$T/good.json" --public-ip-bits 24
ask $e "$T/good.json" --policy-type sceptre
ask $e "$T/good.json" --services some
ask $e "$T/good.json" --budget 1
echo '{"rules": [{"filter": {"principal.AWZ": {"eq": ["*"]}}}]}' >"$T/archive.json"
ask $e "$T/good.json" --archive "$T/archive.json"
echo '[{"filter": {"resource": {"is": ["*"]}}}]' >"$T/archive.json"
ask $e "$T/good.json" --archive "$T/archive.json"
echo '[{"filter": {}}]' >"$T/archive.json"
ask $e "$T/good.json" --archive "$T/archive.json"
ask $e "$T/good.json" --baseline "$T/archive.json"
