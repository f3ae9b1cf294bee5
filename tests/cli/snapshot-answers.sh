# The company of corpus/snapshots: every question of its list, answered over the whole snapshot, one by one, and from a
# bundle of it.
c=corpus/snapshots
sed 's/^{"name": "\([^"]*\)".*/\1/' $c/expect/eval.jsonl >"$T/names"
sed 's/.*"expect": \(.*\)}$/\1/' $c/expect/eval.jsonl >"$T/expected"
sed 's/^{"name": "[^"]*", "request": \(.*\), "expect": .*$/\1/' $c/expect/eval.jsonl >"$T/questions"
# compare ANSWERS: decision and layer as far as they are expected
compare() {
    paste -d '\t' "$T/names" "$T/expected" "$1" | awk -F '\t' '
        function member(text, name) {
            if (!match(text, "\"" name "\": ?\"[^\"]*\"")) return ""
            text = substr(text, RSTART, RLENGTH); sub(/^[^:]*: ?/, "", text); return text
        }
        {
            n++
            if (member($2, "decision") == member($3, "decision") &&
                (member($2, "layer") == "" || member($2, "layer") == member($3, "layer"))) good++
            else print $1 ": expected " $2 ", got " $3
        }
        END { print good " of " n " as expected" }'
}
verdict eval -q --snapshot $c/acme --managed-policies $c/managed --requests "$T/questions" >"$T/whole"
compare "$T/whole"
while read -r question; do
    echo "$question" >"$T/one"
    verdict explain -q --snapshot $c/acme --managed-policies $c/managed --requests "$T/one" -f json
done <"$T/questions" >"$T/each"
compare "$T/each"
schema-check --lines docs/schema/eval.json "$T/whole"
schema-check --lines docs/schema/explain.json "$T/each"
# What a question says of itself counts as well.
verdict compile -q --snapshot $c/acme -o "$T/acme.vdb" 2>/dev/null
verdict eval --bundle "$T/acme.vdb" --principal arn:aws:iam::333333333333:user/dana --action s3:GetObject \
    --resource arn:aws:s3:::acme-dev-scratch/x --resource-account 333333333333 --context aws:RequestedRegion=eu-central-1 --context aws:PrincipalOrgID=o-a1b2c3d4e5
verdict eval --bundle "$T/acme.vdb" --principal arn:aws:iam::333333333333:user/dana --action iam:CreateUser \
    --resource arn:aws:iam::333333333333:user/x --context aws:RequestedRegion=eu-central-1 --context aws:PrincipalOrgID=o-a1b2c3d4e5
