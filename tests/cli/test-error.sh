# Cases that end in an error: told in full and with a position inside the string, exit 2; one that was expected passes.
cat >"$T/errors.json" <<'END'
{"policies": {"identity": {"name": "inline", "document": "{\"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\", \"Condition\": {\"DateLessThan\": {\"aws:CurrentTime\": \"2026-02-30T00:00:00Z\"}}}]}"}},
 "defaults": {"request": {"principal": "arn:aws:iam::111122223333:user/alice", "action": "s3:GetObject", "resource": "*"}},
 "cases": [{"name": "not expected", "request": {}, "expect": "deny"},
           {"name": "expected", "request": {}, "expect": "error"}]}
END
cd "$T" || exit 3
verdict test errors.json
echo "exit $?"
verdict test --filter expected errors.json
echo "exit $?"
printf '{"policies": {' >cut.json
verdict eval --scenario cut.json
echo "exit $?"
