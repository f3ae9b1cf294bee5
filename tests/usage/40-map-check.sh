# What refusals say agrees with the tables; a wrong row, an unknown event and other resources are told with the message.
check() { verdict usage map-check -q --now 2026-04-01 "$@" || echo "exit $?"; }
check corpus/trails/denied
printf 's3\tGetBucketEncryption\t\ts3:GetBucketAcl\n' >"$T/rows.tsv"
check --map-extra "$T/rows.tsv" corpus/trails/denied
sed 's/"GetBucketEncryption"/"GetBucketEncryptionOfTomorrow"/; s/"ListBuckets"/"Presign"/; s/"tableName": "orders", "key"/"key"/; s,table/orders"\, "type,table/others"\, "type,' \
    corpus/trails/denied/refused.json >"$T/odd.json"
check - <"$T/odd.json"
verdict usage map-check -q --now 2026-04-01 -f json - <"$T/odd.json" >"$T/odd.out"
schema-check docs/schema/map-check.json "$T/odd.out"
grep '"kind"' "$T/odd.out"
echo '-- not to be done'
check -f csv corpus/trails/denied
check
check "$T/none.json"
echo 's3	GetObject' >"$T/bad.tsv"
check --map-extra "$T/bad.tsv" corpus/trails/denied
