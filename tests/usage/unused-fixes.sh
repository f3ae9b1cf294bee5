# The fixes of SARIF: each by itself makes the policy narrower, and what it was for is found no more.
verdict usage collect -q corpus/trails/month -o "$T/m.vdu"
deploy=arn:aws:iam::222222222222:role/deploy
cat >"$T/policy.json" <<'P'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Deploy",
      "Effect": "Allow",
      "Action": ["lambda:UpdateFunctionCode", "lambda:CreateFunction", "cloudformation:CreateChangeSet", "cloudformation:DeleteStack", "iam:CreateRole", "iam:PassRole"],
      "Resource": "*"
    },
    { "Sid": "Roles", "Effect": "Allow", "Action": ["iam:CreateRole", "iam:DeleteRole"], "Resource": "*" },
    { "Sid": "Queues", "Effect": "Allow", "Action": "sqs:CreateQueue", "Resource": "*" }
  ]
}
P
cat >"$T/template.yaml" <<'P'
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: Deploy # always
            Effect: Allow
            Action:
              - lambda:UpdateFunctionCode # new versions
              - iam:CreateRole
            Resource: "*"
          - Sid: Roles
            Effect: Allow
            Action: [iam:CreateRole, iam:DeleteRole]
            Resource: !Sub "arn:${AWS::Partition}:iam::222222222222:role/*"
P
unused() {
    verdict unused --usage "$T/m.vdu" --principal $deploy -q "$@" 2>"$T/err"
    grep -v ': security\[\|^ ' "$T/err"
}
# title TAB offset TAB length TAB text, of each fix (all of one replacement here)
fixes() {
    sed -n '/"fixes": \[/,/^ *]$/p' "$1" | sed -n 's/^ *//; s/"text": "\(remove .*\)"$/t\1/p; s/"charOffset": \([0-9]*\),/o\1/p; s/"charLength": \([0-9]*\)/l\1/p; s/"text": "\(.*\)"$/n\1/p' |
        awk '/^t/ { if (title) print line; title = substr($0, 2); line = title "\t" } /^o/ { line = line substr($0, 2) "\t" } /^l/ { line = line substr($0, 2) "\t" } /^n/ { line = line substr($0, 2) } END { print line }'
}
one_file() {
    file=$1
    unused "$file" -f sarif -v >"$T/x.sarif"
    schema-check docs/schema/sarif.json "$T/x.sarif"
    grep -E '"(fixes|withoutFix)": [0-9]' "$T/x.sarif"
    unused "$file" -f csv | cut -d, -f2,6,7 | sort >"$T/before"
    fixes "$T/x.sarif" >"$T/fixes"
    while IFS="$(printf '\t')" read -r title offset length text; do
        echo "* $title"
        new="$T/new.${file##*.}"
        { head -c "$offset" "$file"; printf '%b' "$text" | sed 's/\\"/"/g'; tail -c +$((offset + length + 1)) "$file"; } >"$new"
        verdict diff "$file" "$new" 2>/dev/null | tail -1
        unused "$new" -f csv | cut -d, -f2,6,7 | sort >"$T/after"
        diff "$T/before" "$T/after" | grep '^[<>]'
    done <"$T/fixes"
}
one_file "$T/policy.json"
echo "--- a template"
one_file "$T/template.yaml"
cat "$T/new.yaml"
echo "--- held by another one, too, who creates roles"
other=arn:aws:iam::222222222222:role/other
printf 'action,principal,count,last\niam:CreateRole,%s,1,2025-05-20\n' $other >"$T/other.csv"
verdict usage collect -q "$T/other.csv" -o "$T/other.vdu"
unused "$T/policy.json" --usage "$T/other.vdu" --principal $other -f sarif >"$T/x.sarif"
fixes "$T/x.sarif" | cut -f1
echo "--- a week is too short"
verdict unused --usage "$T/m.vdu" --principal $deploy "$T/policy.json" --from 2025-05-01 --to 2025-05-08 -f sarif 2>"$T/err" | grep -E '"(fixes|withoutFix)": [0-9]'
grep fixes "$T/err"
echo "--- known ones, a snapshot, standard input"
unused "$T/policy.json" --write-baseline "$T/known.json" -f sarif | grep -E '"(fixes|withoutFix)": [0-9]'
verdict unused --usage "$T/m.vdu" --snapshot corpus/snapshots/acme -q -f sarif | grep -E '"(fixes|withoutFix)": [0-9]'
unused - -f sarif <"$T/policy.json" | grep -E '"(fixes|withoutFix)": [0-9]'
echo "--- everything but something is no fix"
verdict unused --usage "$T/m.vdu" --principal $deploy policies/guard-rails/full-access.json -v -f sarif 2>"$T/err" | grep -E '"(fixes|withoutFix)": [0-9]'
grep -c 'a list of all else' "$T/err"
