# A snapshot is as old as the newest time in it: without logs nothing says that a role that was used until then is unused by now.
verdict usage collect -q - </dev/null >"$T/none.vdu"
ask() {
    verdict unused --usage "$T/none.vdu" --snapshot corpus/snapshots/acme --principal '*:role/audit' "$@" 2>/dev/null >"$T/out"
    code=$?
    sed 's/tables [0-9a-f]*/tables T/' "$T/out"
    echo "exit $code"
}
ask --identities
# Half a year later AWS was asked again, and said the same.
ask --identities --as-of 2025-12-01
echo "the manifest says when that was:"
cp -r corpus/snapshots/acme "$T/acme"
chmod -R u+w "$T/acme"
for at in 2025-12-01T00:00:00Z yesterday; do
    sed "s/\"collectedAt\": \"[^\"]*\"/\"collectedAt\": \"$at\"/" corpus/snapshots/acme/manifest.json >"$T/acme/manifest.json"
    verdict unused --usage "$T/none.vdu" --snapshot "$T/acme" --principal '*:role/audit' --identities 2>/dev/null | tail -4
done
