# Everything that a company shares: with its organization trusted, by default, and what is new since an older snapshot.
c=corpus/snapshots
verdict exposure -q --snapshot $c/acme --zone org | grep -v '^ '
verdict exposure -q --snapshot $c/acme -f json >"$T/all.json"
schema-check docs/schema/exposure.json "$T/all.json"
sed -n 's/.*"class": "\(.*\)",/\1/p' "$T/all.json" | sort | uniq -c | sed 's/^ *//'
cp -r $c/acme "$T/older"
rm -r "$T/older/accounts/222222222222/global/s3/acme-www"
verdict exposure -q --snapshot $c/acme --zone org --against "$T/older" -f json | sed -n 's/.*"changeType": "\(.*\)",*/\1/p' | sort | uniq -c | sed 's/^ *//'
verdict exposure -q --snapshot $c/acme --zone org --save-witness "$T/saved" >/dev/null
verdict test "$T/saved"
verdict exposure --zone org policies/web-app
exit 0
