# Configurations between a file and the root of its repository: the nearer one wins, key by key.
cd "$T" || exit 3
mkdir -p repo/.git repo/team/app repo/own repo/scps
policy='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}'
for file in repo/a.json repo/team/a.json repo/team/app/a.json repo/own/a.json repo/scps/a.json repo/team/app/left-out.json; do
    echo "$policy" >"$file"
done
cat >repo/.verdict.yaml <<'YAML'
version: 1
account: "111122223333"
exclude: ["team/**/left-out.json"]
lint:
  min-severity: warning
  rules: {pass-role-star: warning, missing-sid: warning}
YAML
cat >repo/team/.verdict.yml <<'YAML'
lint: {rules: {pass-role-star: off}}
YAML
echo '{"root": true, "lint": {"preset": "minimal"}}' >repo/own/.verdict.json
select=pass-role-star,missing-sid
verdict lint -q --fail-on none --ignore resource-star repo
echo "-- no configuration"
verdict lint -q --fail-on none --no-config --select $select repo/team
echo "-- that one"
verdict lint -q --fail-on none --config repo/.verdict.yaml --select $select repo/team repo/own
echo "-- what counts"
verdict lint --print-config repo/team/app
echo "-- wrong"
echo 'lint: {fail-onn: error}' >repo/team/.verdict.yml
verdict lint -q repo/team/a.json
echo "exit $?"
verdict lint -q --config repo/team/.verdict.yml --check-config
echo "exit $?"
verdict lint -q --select resource-stra repo/a.json
echo "exit $?"
