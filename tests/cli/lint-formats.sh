# The same findings in every format for programs.  Schemas are held against them in lint-schemas.
rules="--select public-principal,wildcard-in-principal,invalid-principal-key"
f=tests/cli/lint/queue.resource.json
for format in json jsonl github junit markdown access-analyzer; do
    echo "== $format"
    verdict lint $f $rules --format $format --comment-tag 'a-->b' --url-template 'https://git.example.com/{file}#L{line}'
    echo "exit $?"
done
echo "== github -v"
verdict lint $f $rules --format github -v
echo "== sarif"
verdict lint $f $rules --format sarif --category policies/prod --sarif-max 2 | awk '/"rules": \[/ { skip = 1 } !skip { print } /^     \]/ { skip = 0 }'
echo "== access-analyzer --all"
verdict lint $f $rules --format access-analyzer --all | grep issueCode
echo "== the step summary"
echo "from another step" >"$T/summary"
GITHUB_STEP_SUMMARY=$T/summary verdict lint $f $rules --summary never -q >"$T/out"
GITHUB_STEP_SUMMARY=$T/summary verdict lint policies/guard-rails $rules --summary auto -q
GITHUB_STEP_SUMMARY=$T/summary verdict lint $f $rules --summary auto --format text="$T/text"
head -n 3 "$T/summary"
verdict lint $f $rules >"$T/stdout"
cmp "$T/text" "$T/stdout"
