# What lint prints for programs is what its schemas say.
check() {
    schema-check "$@" || echo "$*"
}
s=docs/schema
mkdir "$T/in"
printf '{"Version": "2012-10-17", "Statement": [' >"$T/in/broken.json"
for preset in recommended strict access-analyzer; do
    verdict lint "$T/in" tests/cli/lint tests/lint --preset $preset --format json="$T/json" --format jsonl="$T/jsonl" --format sarif="$T/sarif" \
        --format access-analyzer="$T/aa" --format junit="$T/junit" --format markdown="$T/md" -q 2>"$T/err"
    [ $? -eq 2 ] || echo "$preset: exit"
    check $s/lint.json "$T/json"
    check --lines $s/lint.json "$T/jsonl"
    check $s/sarif.json "$T/sarif"
    check $s/access-analyzer.json "$T/aa"
    [ "$(wc -c <"$T/md")" -lt 60000 ] || echo "Markdown is too long"
done
verdict lint tests/cli/lint tests/lint --preset strict --format access-analyzer --all >"$T/aa" 2>"$T/err"
check $s/access-analyzer.json "$T/aa"
verdict lint --rules --format json >"$T/rules"
check $s/lint-rules.json "$T/rules"
# A schema that is not met is noticed.
sed 's/"level": "error"/"level": "bad"/' "$T/sarif" >"$T/bad"
schema-check $s/sarif.json "$T/bad" 2>/dev/null && echo "a level was not looked at"
sed 's/"unicodeCodePoints"/"bytes"/' "$T/sarif" >"$T/bad"
schema-check $s/sarif.json "$T/bad" 2>/dev/null && echo "columnKind was not looked at"
sed 's/"severity": "error"/"severity": "bad"/' "$T/json" >"$T/bad"
schema-check $s/lint.json "$T/bad" 2>/dev/null && echo "a severity was not looked at"
true
