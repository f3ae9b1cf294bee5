# A trail that leaves KMS out: nobody can say that keys are not used.
for f in corpus/trails/month/logs/*; do
    grep -v '"kms.amazonaws.com"' "$f" >"$T/${f##*/}"
done
verdict usage collect -q --now 2025-06-02 "$T"/*.json |
    verdict unused --usage - --snapshot corpus/snapshots/acme --permissions --principal '*:role/app-orders' -v -f jsonl 2>/dev/null |
    sed -n 's/.*"rule": "\([^"]*\)".*"statement": {"sid": "Key".*"reasons": \[\([^]]*\)\].*/\1 \2/p'
