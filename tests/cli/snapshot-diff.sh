# What became possible between two snapshots: with everything that holds a principal on either side.
c=corpus/snapshots
verdict diff -q $c/acme $c/acme -f text
echo $?
verdict diff $c/acme $c/acme 2>/dev/null
cp -r $c/acme "$T/new"
# The interns get two actions more; one of them is of a service that the unit of dev does not list.
sed -i 's/"lambda:List\*"/"lambda:List*", "dynamodb:ListTables", "s3:GetObject"/' "$T/new/accounts/333333333333/authorization-details.json"
# A guard-rail is gone, a queue is shared.
sed -i 's/iam:CreateUser/iam:CreateUsers/' "$T/new/org/policies/p-devguard.json"
sed -i 's/"Policy": ".*"/"Policy": "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Principal\\":{\\"AWS\\":[\\"333333333333\\",\\"444455556666\\"]},\\"Action\\":\\"sqs:SendMessage\\",\\"Resource\\":\\"*\\"}]}"/' \
    "$T/new/accounts/222222222222/eu-central-1/sqs/acme-jobs/attributes.json"
verdict diff $c/acme "$T/new" --save-witness "$T/saved" 2>/dev/null | grep -v "^ "
verdict test "$T/saved"
verdict diff $c/acme "$T/new" --both -f json >"$T/diff.json" 2>/dev/null
schema-check docs/schema/diff.json "$T/diff.json"
verdict diff $c/acme "$T/new" --reverse 2>/dev/null | head -4
exit 0
