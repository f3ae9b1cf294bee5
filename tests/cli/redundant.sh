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
