# Files that cannot be run: an error each, the others are run all the same, exit 2; also when a case failed too.
cp -r policies/examples/team-data "$T/tests"
cd "$T" || exit 3
sed 's/"expect": "allow"/"expect": "deny"/' tests/team-data.test.json >tests/fails.json
echo '{"request": {"action": "s3:GetObject"}, "expct": "allow"}' >tests/typo.json
echo '{"request": {"action": "s3:GetObject"}, "expect": "alow"}' >tests/word.json
echo '{"request": ' >tests/cut.json
echo '{"cases": []}' >tests/none.json
printf 'request:\n  action: [s3:GetObject]\nexpect: allow\n' >tests/type.yaml
printf 'request:\n\taction: s3:GetObject\n' >tests/tab.yaml
echo '{"policies": {"identity": "missing.json"}, "request": {"principal": "arn:aws:iam::111122223333:user/a", "action": "s3:GetObject", "resource": "*"}, "expect": "allow"}' >tests/gone.json
verdict test tests nowhere.json
