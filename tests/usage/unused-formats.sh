# The machine formats: schemas, formulas in tables, baselines.
c="verdict usage collect -q --now 2025-06-02"
$c corpus/trails/month corpus/snapshots/acme/accounts/*/credential-report.csv -o "$T/m.vdu"
u="verdict unused --usage $T/m.vdu --snapshot corpus/snapshots/acme -q"
check() {
    schema-check "$@" || echo "$*"
}
$u -v -f json="$T/x.json" -f jsonl="$T/x.jsonl" -f sarif="$T/x.sarif" -f csv="$T/x.csv" >/dev/null
check docs/schema/unused.json "$T/x.json"
check --lines docs/schema/unused.json "$T/x.jsonl"
check docs/schema/sarif.json "$T/x.sarif"
sed 's/"cannot-see"/"cannot-be"/' "$T/x.json" >"$T/wrong.json"
schema-check docs/schema/unused.json "$T/wrong.json" 2>/dev/null && echo "a wrong state was not noticed"
head -1 "$T/x.csv"
grep -c no-mfa "$T/x.csv"
grep '^[^,]*,unmapped-event' "$T/x.csv"
cut -d, -f1 "$T/x.csv" | sort | uniq -d # ids are of one finding each
echo "--- baseline"
$u --write-baseline "$T/known.json" | sed 's/;.*//'
$u --baseline "$T/known.json" | sed "s/[0-9]* known.*//"
echo "exit $?"
echo "--- threads"
for j in 1 3; do $u -f json -j $j | cksum; done | uniq | wc -l
echo "--- formulas"
cat >"$T/policy.json" <<'P'
{"Version": "2012-10-17", "Statement": [{"Sid": "S", "Effect": "Allow", "Action": "sqs:CreateQueue", "Resource": "*"}]}
P
mkdir "$T/in"
cp "$T/policy.json" "$T/in/=cmd.json"
(cd "$T/in" && verdict unused --usage "$T/m.vdu" --principal arn:aws:iam::222222222222:role/bastion =cmd.json -f csv) | grep unused-statement | cut -d, -f2-6
echo "--- by action"
$u --by action -f csv="$T/a.csv" -f json="$T/a.json" --principal 'arn:aws:iam::222222222222:role/deploy' >/dev/null
check docs/schema/unused.json "$T/a.json"
grep -c ',unused-action,' "$T/a.csv"
grep ',unused-\(statement\|service\),' "$T/a.csv"
cut -d, -f1 "$T/a.csv" | sort | uniq -d
grep ',cloudformation:ContinueUpdateRollback,' "$T/a.csv" | cut -d, -f2-9,15-
sed -n 's/.*"notSeen": \([0-9]*\).*/\1/p' "$T/a.json" | head -1
