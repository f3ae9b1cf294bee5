# What who-can and what-can found, as scenario files: with the documents that bear on it, and `verdict test` agrees.
s="--now 2026-01-01T00:00:00Z --snapshot corpus/snapshots/acme --managed-policies corpus/snapshots/managed"
for action in 's3:*' 'kms:Decrypt' 'sts:AssumeRole*' 'lambda:*' 'dynamodb:*'; do
    verdict who-can -q $s --save-witness "$T/who" "$action" '*' 2>"$T/err" || echo "$action: exit $?"
    grep -E "not saved|self-check" "$T/err"
done
for principal in 111111111111:user/owner 222222222222:root 222222222222:role/app-orders 222222222222:role/deploy 333333333333:user/dana \
    333333333333:user/interns/ivy 333333333333:role/sandbox; do
    verdict what-can -q $s --save-witness "$T/what" "arn:aws:iam::$principal" 2>"$T/err" || echo "$principal: exit $?"
    grep -E "not saved|self-check" "$T/err"
done
verdict test "$T/who" | tail -n 1
verdict test "$T/what" | tail -n 1
# One of them says on its own what it depends on.
file=$(grep -l 'role/app-orders.*acme-www' "$T/what"/*.json)
sed -n '/"name": "arn/p; /"principal"/,/}/p; /"rcp"/p; /"scp"/p; /"target"/p; /"expect"/p' "$file"
# Were the bucket somebody else's alone, it would not be so.
sed 's/"Principal": "\*"/"Principal": {"AWS": "444455556666"}/' "$file" >"$T/other.json"
verdict test "$T/other.json" | tail -n 1
# A folder that cannot be made is said once, however much was found; nor is one file after the other tried.
verdict who-can $s --save-witness /dev/null/nope 's3:*' '*' 2>&1 >"$T/out"
echo "exit $?"
echo >"$T/file"
verdict who-can $s --save-witness "$T/file" 's3:*' '*' 2>&1 >"$T/again"
echo "exit $?"
tail -n 1 "$T/out"
cmp "$T/out" "$T/again"
