# Configurations that cannot be read, or whose expressions would take forever: a word with its place, and an end.
echo '{"Version": "2012-10-17", "Statement": [{"Sid": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/x"}]}' >"$T/p.json"
cd "$T" || exit 1
printf 'version: 1\0' >nul.yaml
printf '\377\376\0\0' >bytes.yaml
printf 'version: 1\nlint: &a {ignore: *a}\n' >cycle.yaml
printf 'lint:\n  custom:\n  - {id: x-a, require: {sid: {match: "/((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((/"}}}\n' >nest.yaml
printf 'lint:\n  custom:\n  - {id: x-a, require: {sid: {match: "/^(a+)+$/"}}}\n  - {id: x-b, require: {sid: {match: "/^(a+)+$/"}}}\n' >costly.yaml
for c in nul bytes cycle nest costly nowhere; do
    verdict lint --config $c.yaml p.json --select 'group:custom'
    echo "exit $?" >&2
done
sed -i 's/GetObject/getobject/' p.json
(ulimit -f 0; verdict lint --no-config --fix-only action-case p.json; echo "exit $?") 2>&1 | cat
ls ./*.tmp* 2>/dev/null
grep -c getobject p.json
