# A Deny that cannot be evaluated: no bundle, though a good document stands beside it; an Allow like it is only told.
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
  "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-02-30T00:00:00Z"}}}]}' >"$T/deny.json"
sed 's/Deny/Allow/' "$T/deny.json" >"$T/allow.json"
cd "$T" || exit 3
verdict compile allow.json deny.json -o out.vdb
echo "exit $?"
ls out.vdb 2>/dev/null && exit 3
verdict compile allow.json -o out.vdb
echo "exit $?"
ls out.vdb
