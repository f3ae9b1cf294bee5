# What .verdict.yaml says counts for proofs, too: kinds by folders, files left out, the zone of trust.  Threads change nothing.
cd "$T" || exit 3
now="--now 2026-01-01T00:00:00Z"
mkdir -p repo/.git repo/old/rails repo/new/rails
write() { # FILE ACTIONS
    printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": %s, "Resource": "*"}]}\n' "$2" >"$1"
}
write repo/old/rails/a.json '"s3:*"'
write repo/new/rails/a.json '["s3:*", "ec2:*"]'
write repo/old/b.json '"s3:GetObject"'
write repo/new/b.json '"s3:GetObject"'
write repo/old/draft.json '"s3:GetObject"'
write repo/new/draft.json '"iam:*"'
cat >repo/.verdict.yaml <<'YAML'
types: {"**/rails/*.json": scp}
exclude: ["**/draft.json"]
trusted:
  accounts: ["111122223333"]
  organizations: [o-abcdefghij]
  members: {"444455556666": o-abcdefghij}
YAML
cat >repo/bucket.json <<'JSON'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
  {"Effect": "Allow", "Principal": {"AWS": "777788889999"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
JSON
ask() {
    echo "--- $*"
    "$@" $now >out
    code=$?
    sed -e '/e[.]g[.]/d' -e '/^           /d' out
    echo "exit $code"
}
ask verdict diff repo/old repo/new
ask verdict diff repo/old repo/new --no-config -q
ask verdict diff repo/old repo/new --config /dev/null -q
ask verdict equivalent repo/old/draft.json repo/new/draft.json -q
ask verdict grants repo/new --actions iam:PassRole
ask verdict grants repo/new --actions iam:PassRole --no-config -q
echo "-- the zone"
for more in "" "--no-config" "--zone account:777788889999"; do
    echo "--- exposure $more"
    verdict exposure repo/bucket.json --resource-account 111122223333 $now $more | grep -o '^.*cross-account.*'
    verdict exposure repo/bucket.json --resource-account 111122223333 $now $more -q >out
    echo "exit $?"
done
echo "-- one or several at a time"
for command in "diff repo/old repo/new --both" "equivalent repo/old repo/new" "grants repo/new repo/old --actions s3:*,ec2:* --all"; do
    verdict $command $now --format json --jobs 1 >one
    verdict $command $now --format json --jobs 5 >five
    cmp one five && echo same
    verdict $command $now --format json --budget-total 100000000 >total
    cmp one total && echo same
done
verdict diff repo/old repo/new --no-config $now --budget-total 1 -q >out
echo "exit $?"
echo "-- wrong ones"
echo 'trustedd: {}' >repo/new/.verdict.yaml
ask verdict diff repo/old repo/new -q
echo 'trusted: {principals: [nobody]}' >repo/.verdict.yaml
ask verdict exposure repo/bucket.json -q
echo 'trusted: {members: ["444455556666"]}' >repo/.verdict.yaml
ask verdict exposure repo/bucket.json -q
