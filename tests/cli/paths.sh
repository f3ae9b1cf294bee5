# From one principal of a snapshot to another: every format, what makes no sense.
s=corpus/snapshots/acme
dev=arn:aws:iam::333333333333
ask() {
    echo "--- verdict paths $*"
    verdict paths "$@" --snapshot $s --now 2026-01-01T00:00:00Z 2>"$T/err"
    echo "exit $?"
    grep -v "not whole" "$T/err"
}
ask --confirmed-only
ask --confirmed-only --cut -q
ask $dev:user/bob $dev:role/lambda-admin
ask $dev:user/bob $dev:role/lambda-admin -f markdown
ask @external @admin --confirmed-only
ask @anonymous @admin
ask $dev:user/bob sqs:SendMessage@arn:aws:sqs:eu-central-1:222222222222:acme-jobs --confirmed-only -q
ask @admin -f dot --confirmed-only
ask @admin -f cytoscape --confirmed-only
ask --fail-on none -q
ask --max-depth 1 --confirmed-only -q
cat >"$T/mine.json" <<'END'
[{"id": "our-way", "class": "mine", "bind": {"R": "role"}, "calls": [{"group": 1, "action": "lambda:CreateFunction", "resource": "*"}],
  "facts": [{"trusts": ["R", "service:lambda.amazonaws.com"]}], "result": {"becomes": "R"}}]
END
ask $dev:user/bob $dev:role/lambda-admin --techniques "$T/mine.json" --all-paths 6 -f dot
for with in "--cut" "--all-paths 3" "@external" "$dev:user/bob" "$dev:user/bob s3:GetObject@arn:aws:s3:::acme-data/x"; do
    # shellcheck disable=SC2086
    verdict paths $with --snapshot $s --now 2026-01-01T00:00:00Z -f json="$T/p" 2>/dev/null
    schema-check docs/schema/paths.json "$T/p" || echo "$with"
done
# what makes no sense
ask bob
ask $dev:user/bbo
ask @admin @external
ask a b c
ask --max-depth 0
ask --all-paths many
ask $dev:user/bob @admni
ask --zone nowhere
sed 's/"R"}}/"Q"}}/' "$T/mine.json" >"$T/wrong.json"
ask --techniques "$T/wrong.json"
ask --techniques "$T/none.json"
verdict paths
exit 0
