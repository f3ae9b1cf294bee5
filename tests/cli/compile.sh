# A bundle decides as its documents do, is the same byte for byte each time, and a damaged one is refused.
e=policies/examples/team-data
verdict compile $e/dev.json --resource-policy $e/bucket.json -o "$T/a.vdb" -v
verdict compile $e/dev.json --resource-policy $e/bucket.json -o "$T/b.vdb"
cmp "$T/a.vdb" "$T/b.vdb"
verdict compile $e/dev.json --resource-policy $e/bucket.json -o - >"$T/c.vdb"
cmp "$T/a.vdb" "$T/c.vdb"
verdict eval --bundle "$T/a.vdb" --requests $e/requests.jsonl >"$T/bundled"
verdict eval --identity $e/dev.json --resource-policy $e/bucket.json --requests $e/requests.jsonl >"$T/read"
cmp "$T/bundled" "$T/read"
q="--principal arn:aws:iam::111122223333:user/alice --action s3:PutObject --resource arn:aws:s3:::team-data/a --resource-account 111122223333"
verdict explain --bundle "$T/a.vdb" $q | head -n 3
verdict compile --strip $e/dev.json -o "$T/small.vdb"
verdict eval --bundle "$T/small.vdb" $q
verdict explain --bundle "$T/small.vdb" $q
echo "exit $?"
head -c 1000 "$T/a.vdb" >"$T/cut.vdb"
verdict eval --bundle "$T/cut.vdb" $q
echo "exit $?"
echo nothing >"$T/text.vdb"
verdict eval --bundle "$T/text.vdb" $q
verdict eval --bundle "$T/gone.vdb" $q
verdict compile $e/dev.json -o "$T/no/where.vdb"
echo "exit $?"
