# A role under the name of one that is gone: only what the living one did counts.
sed 's/AROALOOOEEOMDMCEFNOOK/AROAEXAMPLEEXAMPLE001/g' corpus/trails/month/logs/222222222222.json >"$T/222222222222.json"
u() {
    verdict unused --usage "$T/$1.vdu" --snapshot corpus/snapshots/acme --managed-policies corpus/snapshots/managed --permissions --principal '*:role/deploy' -f jsonl --fail-on none |
        sed -n 's/.*"rule": "\([^"]*\)".*"item": \([^,]*\), .*/\1 \2/p'
}
verdict usage collect -q --now 2025-06-02 corpus/trails/month/logs -o "$T/alive.vdu"
verdict usage collect -q --now 2025-06-02 "$T/222222222222.json" corpus/trails/month/logs/[13]* -o "$T/gone.vdu"
echo "--- alive"
u alive
echo "--- made anew"
u gone
