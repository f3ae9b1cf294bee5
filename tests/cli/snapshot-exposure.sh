# Everything that a company shares, as its list of answers says: with its organization trusted, with the owner's account only;
# and what is new since an older snapshot.
c=corpus/snapshots
verdict exposure -q --snapshot $c/acme --zone org -f jsonl >"$T/org"
verdict exposure -q --snapshot $c/acme -f jsonl >"$T/account"
verdict exposure -q --snapshot $c/acme -f json >"$T/all.json"
schema-check docs/schema/exposure.json "$T/all.json"
grep -v acme-dev-scratch $c/expect/exposure.jsonl |
    sed 's/.*"resource": "\([^"]*\)", "zone": "\([a-z]*\)", "class": "*\([a-z-]*\).*/\1 \2 \3/' | while read -r arn zone class; do
    found=$(grep -F "\"resource\": \"$arn\"" "$T/$zone" | sed 's/.*"class": "\([a-z-]*\)".*/\1/' | sort -u | paste -s -d ' ' -)
    [ "${found:-null}" = "$class" ] || echo "$arn, $zone trusted: expected $class, got ${found:-nothing}"
done
cp -r $c/acme "$T/older"
rm -r "$T/older/accounts/222222222222/global/s3/acme-www"
verdict exposure -q --snapshot $c/acme --zone org --against "$T/older" -f jsonl | grep '"changeType": "new"' | sed 's/.*"resource": "\([^"]*\)".*/\1/'
verdict exposure -q --snapshot $c/acme --zone org --save-witness "$T/saved" >/dev/null
verdict test -q "$T/saved" || echo 'a saved witness does not hold'
verdict exposure --zone org policies/web-app
# a bundle of all of it: each resource by itself
verdict compile --snapshot corpus/snapshots/acme -o "$T/acme.vdb" -q 2>/dev/null
verdict exposure "$T/acme.vdb" --now 2026-01-01T00:00:00Z -q
echo "exit $?"
verdict exposure "$T/acme.vdb" --now 2026-01-01T00:00:00Z --save-witness "$T/bundle" --format json 2>/dev/null | grep -c '"id": "x-'
verdict test "$T/bundle" -q
echo "exit $?"
verdict grants "$T/acme.vdb" --actions iam:CreateUser --now 2026-01-01T00:00:00Z -q
echo "exit $?"
verdict grants "$T/acme.vdb" --actions s3:GetObject --principal arn:aws:iam::222222222222:role/deploy --now 2026-01-01T00:00:00Z -q
echo "exit $?"
exit 0
