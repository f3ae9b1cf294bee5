# A digest knows the SHA-256 of the unpacked bytes: a file that is something else is named and counted, whatever order.
d=tests/usage
$d/days 2 2 ec2 RunInstances false >"$T/a.json"
$d/days 2 2 ec2 StopInstances false >"$T/b.json"
sum() { sha256sum "$1" | cut -d' ' -f1; }
$d/digest 2 9 a.json.gz b.json.gz lost.json.gz | sed "s/\"hashValue\":\"00\"/\"hashAlgorithm\":\"SHA-256\",\"hashValue\":\"$(sum "$T/a.json")\"/g" >"$T/digest.json"
gzip -n "$T/a.json"
collect() { verdict usage collect --now 2026-04-01 "$@"; }
echo "--- not asked to look:"
collect "$T/a.json.gz" "$T/b.json" "$T/digest.json" -o "$T/plain.vdu"
grep -c sha256 "$T/plain.vdu"
echo "--- asked:"
collect --verify "$T/a.json.gz" "$T/b.json" "$T/digest.json" -o "$T/all.vdu"
grep -o '"i":"[^"]*json.gz"' "$T/all.vdu"
verdict usage show --coverage "$T/all.vdu" | grep 'log file'
collect --verify -q "$T/digest.json" -o "$T/1.vdu"
collect --verify -q "$T/b.json" -o "$T/2.vdu"
collect --verify -q "$T/a.json.gz" -o "$T/3.vdu"
verdict usage merge -q "$T/3.vdu" "$T/1.vdu" -o "$T/31.vdu"
verdict usage merge "$T/2.vdu" "$T/31.vdu" -o "$T/tree.vdu"
cmp "$T/tree.vdu" "$T/all.vdu"
verdict usage show --coverage "$T/1.vdu" "$T/2.vdu" "$T/3.vdu" | grep 'log file'
echo "--- the rest of a file that nobody reads belongs to it:"
{ gzip -dc "$T/a.json.gz"; echo; echo; } >"$T/longer.json"
{ cat "$T/longer.json"; head -c 3000000 /dev/zero | tr '\0' ' '; } >"$T/long.json"
for f in longer long; do
    collect --verify -q "$T/$f.json" | grep -c "$(sum "$T/$f.json")"
    gzip -nc "$T/$f.json" >"$T/x.json.gz"
    collect --verify -q --mem 8M "$T/x.json.gz" | grep -c "$(sum "$T/$f.json")"
done
