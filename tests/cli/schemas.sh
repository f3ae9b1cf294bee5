# What every machine format prints is what its schema says; and a schema that is not met is noticed.
e=policies/examples/team-data
s=docs/schema
check() {
    schema-check "$@" || echo "$*"
}
q="--principal arn:aws:iam::111122223333:user/alice --resource arn:aws:s3:::team-data/alice/a --resource-account 111122223333"
verdict eval --identity $e/dev.json $q --action s3:GetObject -f json >"$T/allow.json"
verdict eval --identity $e/dev.json $q --action s3:PutObject -f json >"$T/deny.json"
verdict eval --identity $e/dev.json --resource-policy $e/bucket.json $q --action s3:GetObject -f json \
    --context aws:SecureTransport=false >"$T/explicit.json"
for f in allow deny explicit; do check $s/eval.json "$T/$f.json"; done
{
    cat $e/requests.jsonl
    echo '{"action": "nothing"}'
} | verdict eval --identity $e/dev.json --requests - >"$T/lines" 2>/dev/null
check --lines $s/eval.json "$T/lines"
verdict explain --identity $e/dev.json --resource-policy $e/bucket.json $q --action s3:DeleteObject -f json >"$T/near.json"
mkdir "$T/scp"
cp policies/guard-rails/full-access.json policies/guard-rails/only-eu-regions.json "$T/scp"
verdict explain --identity policies/guard-rails/full-access.json --scp "$T/scp" \
    --principal arn:aws:iam::111122223333:role/admin --action ec2:RunInstances --resource '*' -f json -v \
    --context aws:RequestedRegion=us-east-1 >"$T/rail.json" 2>/dev/null
verdict explain --identity $e/dev.json $q --action s3:GetObject -f json >"$T/why.json"
for f in near rail why; do check $s/explain.json "$T/$f.json"; done
verdict explain --scenario $e/team-data.test.json -f json >"$T/lines"
check --lines $s/explain.json "$T/lines"
{
    cat $e/requests.jsonl
    echo '{"action": "nothing"}'
} | verdict explain --identity $e/dev.json --requests - -f json >"$T/lines" 2>/dev/null
check --lines $s/explain.json "$T/lines"
[ "$(wc -l <"$T/lines")" -eq 4 ] || echo "an answer is missing"
verdict test --coverage --format json policies >"$T/test.json"
check $s/test.json "$T/test.json"
sed 's/"expect": "allow"/"expect": "deny"/' $e/team-data.test.json >"$T/fails.json"
cp $e/dev.json $e/bucket.json $e/auditor.json "$T"
verdict test --format json "$T/fails.json" >"$T/test.json"
check $s/test.json "$T/test.json"
for f in $e/team-data.test.json $e/question.json corpus/conformance/*/*.json; do
    check $s/scenario.json $f
done
verdict simulate --cli-input-json policies/examples/simulate/input.json >"$T/simulate.json"
check $s/simulate.json "$T/simulate.json"
verdict catalog -f json sqs s3:GetObject s3:bucket aws:SourceVpce aws:TagKeys iam:CreateRole >"$T/catalog.json"
check $s/catalog.json "$T/catalog.json"
verdict catalog status -f json >"$T/status.json"
check $s/catalog-status.json "$T/status.json"
verdict version -f json >"$T/version.json"
check $s/version.json "$T/version.json"
verdict expand -f json 'sqs:*' >"$T/expand.json"
verdict shrink -f json sqs:TagQueue >"$T/shrink.json"
for f in expand shrink; do check $s/expand.json "$T/$f.json"; done
echo '{"decision": "maybe"}' >"$T/wrong.json"
schema-check $s/eval.json "$T/wrong.json" && echo "a wrong decision was not noticed"
sed 's/"reason"/"raeson"/' "$T/deny.json" >"$T/wrong.json"
schema-check $s/eval.json "$T/wrong.json" && echo "a wrong member was not noticed"
exit 0
verdict usage collect -q corpus/trails/month -o "$T/u"
for who in role/deploy role/app-orders policy/team/operations role/admin; do
    verdict rightsize arn:aws:iam::222222222222:$who --usage "$T/u" --snapshot corpus/snapshots/acme -f json >"$T/rightsize.json" 2>/dev/null
    check $s/rightsize.json "$T/rightsize.json"
done
