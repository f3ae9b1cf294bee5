# What the proofs print for programs is what their schemas say.
check() {
    schema-check "$@" || echo "$*"
}
s=docs/schema
now="--now 2026-01-01T00:00:00Z --resource-account 111122223333"
echo '{"Version": "2012-10-17", "Statement": [' >"$T/broken.json"
verdict exposure $now policies "$T/broken.json" --count --s3-policy-status --write-baseline "$T/baseline.json" -f json="$T/x" \
    -f jsonl="$T/xl" -f sarif="$T/xs" -f access-analyzer="$T/xa" -f markdown="$T/xm" 2>/dev/null
check $s/exposure.json "$T/x"
check --lines $s/exposure.json "$T/xl"
check $s/sarif.json "$T/xs"
check $s/findings.json "$T/xa"
verdict exposure $now policies --against policies/vendor --baseline "$T/baseline.json" -v -f json="$T/x" -f access-analyzer="$T/xa" 2>/dev/null
check $s/exposure.json "$T/x"
check $s/findings.json "$T/xa"
verdict exposure $now policies --save-witness "$T/saved" -q >/dev/null 2>&1
for f in "$T"/saved/*.json; do check $s/scenario.json "$f"; done
sed 's/"certainty": "exact"/"certainty": "sure"/' "$T/x" >"$T/wrong.json"
schema-check $s/exposure.json "$T/wrong.json" 2>/dev/null && echo "a wrong certainty was not noticed"
one=policies/examples/team-data/dev.json
two=policies/examples/team-data/auditor.json
for sides in "$one $two" "$two $one" "policies policies" "$one $T/broken.json" "policies/vendor policies/servers"; do
    for mode in "diff" "diff --both" "diff --reverse" "diff --budget 1" "equivalent"; do
        # shellcheck disable=SC2086
        verdict $mode $now $sides -f json="$T/d" -f sarif="$T/ds" -f markdown="$T/dm" 2>/dev/null
        check $s/diff.json "$T/d"
        check $s/sarif.json "$T/ds"
    done
done
for ask in "$one --actions s3:Get*,s3:Put*" "$one $two --actions s3:* --resources arn:aws:s3:::team-data/* --all" \
    "policies --actions @admin" "$one $T/broken.json --actions s3:PutObject" "$one --actions s3:* --budget 1"; do
    # shellcheck disable=SC2086
    (set -f && verdict grants $now $ask -f json="$T/g" -f sarif="$T/gs" -f markdown="$T/gm" 2>/dev/null)
    check $s/grants.json "$T/g"
    check $s/sarif.json "$T/gs"
done
acme="--snapshot corpus/snapshots/acme --now 2026-01-01T00:00:00Z"
for ask in "s3:* arn:aws:s3:::acme-data/*" "kms:Decrypt *" "iam:CreateUser arn:aws:iam::333333333333:user/x" "s3:GetObject * --budget 1"; do
    # shellcheck disable=SC2086
    (set -f && verdict who-can $ask $acme -f json="$T/w" 2>/dev/null)
    check $s/who-can.json "$T/w"
done
for who in 222222222222:role/deploy 333333333333:user/dana 111111111111:root; do
    # shellcheck disable=SC2086
    verdict what-can arn:aws:iam::$who --blocked $acme -f json="$T/w" 2>/dev/null
    check $s/what-can.json "$T/w"
done
exit 0
