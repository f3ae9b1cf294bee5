# A newer catalogue out of a folder, what changed, and the ways this can go wrong.
verdict catalog update --from tests/catalog/package -o "$T/old.vdc"
cp -r tests/catalog/package "$T/new"
sed -i 's/"ListBoxes", "accessLevel": "List"/"ListCrates", "accessLevel": "List"/; s/"Read"/"Write"/; s/"required": true/"required": false/' \
    "$T/new/data/actions/shop.json"
sed -i 's/ArrayOfString/String/' "$T/new/data/conditionKeys/shop.json"
sed -i 's/:old/:older/' "$T/new/data/resourceTypes/shop.json"
verdict catalog update --from "$T/new" -o "$T/new.vdc" --catalog "$T/old.vdc" -v
verdict catalog diff "$T/old.vdc" "$T/new.vdc"
verdict catalog diff -f json "$T/old.vdc" "$T/new.vdc" >"$T/diff.json"
schema-check docs/schema/catalog-diff.json "$T/diff.json" || echo "the schema does not fit"
verdict catalog --catalog "$T/new.vdc" shop:ListBoxes
VERDICT_CATALOG=$T/old.vdc verdict expand 'shop:*'
VERDICT_CATALOG=$T/old.vdc verdict expand --catalog builtin 'sqs:List*'
verdict catalog status --catalog "$T/new.vdc" | grep -v digest | grep -v size | sed 's/, [0-9]* tables/, tables/'
echo broken >"$T/broken.vdc"
VERDICT_CATALOG=$T/broken.vdc verdict catalog sqs
VERDICT_CATALOG=$T/broken.vdc verdict version >/dev/null
VERDICT_CATALOG=$T/broken.vdc verdict catalog update --from tests/catalog/package -o "$T/again.vdc"
verdict catalog diff "$T/old.vdc"
verdict catalog diff "$T/old.vdc" "$T/broken.vdc"
verdict catalog update --from tests/catalog
verdict catalog update --from "$T/nowhere" -o "$T/x.vdc"
mkdir "$T/empty"
verdict catalog update --from "$T/empty" -o "$T/x.vdc"
verdict catalog update --from tests/catalog/package -o "$T/x.vdc" --date yesterday
verdict catalog s3 --from x
exit 0
