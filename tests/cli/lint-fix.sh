# Fixes in place, shown, left alone.
cd "$T" || exit 3
mkdir .git
printf '{\r\n\t"Version": "2012-10-17",\r\n\t"Statement": [{"Effect": "Allow", "Action": ["s3:GetObjcet", "s3:ListBucket"], "Resource": "*"}]\r\n}' >a.json
cp a.json b.json
chmod 640 a.json
verdict lint --select unknown-action --dry-run a.json
echo "exit $?"
cmp a.json b.json && echo "nothing was changed"
verdict lint -q --select unknown-action --fix a.json
echo "exit $?"
cmp -l a.json b.json | wc -l
ls -l a.json | cut -c1-10
verdict lint -q --select unknown-action --fix a.json
echo "exit $?"
verdict lint -q --select unknown-action --fix --fix-only resource-star b.json
echo "exit $?"
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"}]}' |
    verdict lint -q --select unknown-action --fix -
echo "exit $?"

echo "== what is not written is told of as it is"
mkdir -p elsewhere/.git
cp b.json elsewhere/c.json
cd elsewhere || exit 3
verdict lint -q --select unknown-action --fix ../b.json
echo "exit $?"
verdict lint -q --select unknown-action --fix --dry-run ../b.json
echo "exit $?"
chmod 444 c.json
verdict lint -q --select unknown-action --fix c.json
echo "exit $?"
cd ..
cmp b.json elsewhere/c.json && echo "nothing was changed"

echo "== standard output has the text alone, fixed or not"
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"}]}\n' >stream.json
for how in "--fix" "--unsafe-fixes" "--fix-only unknown-action" "--fix --format jsonl"; do
    # shellcheck disable=SC2086
    verdict lint --select unknown-action,resource-star $how - <stream.json 2>aside
    echo "exit $?, $(grep -c resource-star aside) beside"
done
verdict lint -q --select resource-star --fix - <stream.json
echo "exit $?"
