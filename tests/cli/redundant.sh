# What could go, and no answer within a budget: exit 3 (interface 3), said in every format (analysis 1.1, 1.6, scenario 66).
ask() {
    echo "--- $*"
    "$@" --now 2026-01-01T00:00:00Z
    echo "exit $?"
}
d="$T/p"
mkdir "$d"
cat >"$d/hard.json" <<'END'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*a??????????????????????"},
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*a?????????????????????"}]}
END
cat >"$d/same.json" <<'END'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}
END
ask verdict redundant "$d/hard.json"
ask verdict redundant "$d/hard.json" --budget 100
ask verdict redundant "$d/hard.json" --budget-total 1
ask verdict lint --semantic "$d/hard.json" --budget 100
# by text there is an answer all the same, and 1 wins over 3
ask verdict redundant "$d/same.json" --budget-total 1 -q
ask verdict redundant "$d" --budget 100 -q --fail-on none
# a total is that of the run, and of no number of threads: what is enough for one file is too little for two
mkdir -p "$T/two"
for f in a b; do
    printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Allow", "Action": "ec2:*", "Resource": "*", "Condition": {"StringLike": {"aws:UserAgent": "*%s*"}}}]}\n' $f >"$T/two/$f.json"
done
total=$(for n in 1 2 4 8 16 32 64 128 256 512 1024 2048 4096 8192 16384 32768 65536 131072; do
    verdict redundant "$T/two/a.json" --budget-total $n -q >/dev/null 2>&1 && echo $n && break
done)
ask verdict redundant "$T/two/a.json" --budget-total "$total"
ask verdict redundant "$T/two/b.json" --budget-total "$total"
for j in 1 8; do
    verdict redundant "$T/two" --budget-total "$total" --jobs $j -f json="$T/two-$j"
    echo "exit $?"
done
cmp "$T/two-1" "$T/two-8"
verdict redundant "$T/two/a.json" --budget-total "$total" --fix --dry-run
verdict redundant "$T/two/b.json" "$T/two/a.json" "$T/two/b.json" --budget-total "$total" -q
# what nobody asks about is not proved
ask verdict lint --semantic "$d/hard.json" --budget 1 --select unknown-action
for f in github junit markdown; do ask verdict redundant "$d/hard.json" --budget 100 -f $f; done
verdict redundant "$d/hard.json" --budget 100 -f json="$T/json" -f jsonl="$T/jsonl" -f sarif="$T/sarif" -f text
schema-check docs/schema/lint.json "$T/json"
schema-check --lines docs/schema/lint.json "$T/jsonl"
schema-check docs/schema/sarif.json "$T/sarif"
grep -A1 '"reason"' "$T/json"
grep -c '"level": "warning"' "$T/sarif"
# what makes no sense
for w in "--budget 0" "--budget -1" "--budget ten" "--budget-total 1e9" "--budget 99999999999999999999"; do
    ask verdict redundant "$d/hard.json" $w
done
ask verdict lint "$d/hard.json" --budget 100
ask verdict lint "$d/hard.json" --budget-total 100
# a condition that the rest of its statement sees to goes (analysis 2.8 (e)), one that another statement makes idle stays
mkdir "$T/.git"
cat >"$T/idle.json" <<'END'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::b/*",
      "Condition": {
        "StringEquals": {"aws:PrincipalTag/team": "a", "aws:PrincipalTag/x": "a"},
        "Null": {"aws:PrincipalTag/team": "false", "aws:PrincipalTag/x": "false"},
        "Bool": {"aws:SecureTransport": "true"}
      }
    },
    {
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::b",
      "Condition": {"StringNotLike": {"aws:PrincipalArn": "arn:aws:s3:::*"}}
    },
    {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
  ]
}
END
cp "$T/idle.json" "$T/was.json"
cd "$T" || exit 3
ask verdict redundant idle.json
ask verdict redundant idle.json --fix -q
cat idle.json
verdict equivalent was.json idle.json --now 2026-01-01T00:00:00Z
ask verdict redundant idle.json --unsafe-fixes -q
verdict equivalent was.json idle.json --now 2026-01-01T00:00:00Z
# what an entry of NotAction leaves out is allowed all the same
printf '{"Version": "2012-10-17", "Statement": [\n {"Effect": "Allow", "NotAction": ["iam:*", "s3:GetObject"], "Resource": "*"},\n {"Effect": "Allow", "Action": ["s3:Get*", "iam:GetUser"], "Resource": "*"}]}\n' >not.json
cp not.json was.json
ask verdict redundant not.json
verdict redundant not.json --fix -q
cat not.json
verdict equivalent was.json not.json --now 2026-01-01T00:00:00Z
# far more entries than AWS takes: those that another says are told, the rest is beyond a proof
awk 'BEGIN {
    printf "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": ["
    for (i = 0; i < 6000; i++)
        printf "%s\"arn:aws:s3:::b%d/*\"", i ? ", " : "", i
    print ", \"arn:aws:s3:::b7/*\"]}]}"
}' >"$T/long.json"
(cd "$T" && timeout 60 verdict redundant --no-config long.json -f jsonl | cut -c1-300)
(cd "$T" && timeout 60 verdict redundant --no-config long.json --verbose -q | cut -c1-200)
