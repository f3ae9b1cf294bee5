# An event that no table knows: nothing of its service is called unused, until a row says what it needs.
verdict usage collect -q --now 2025-06-02 corpus/trails/month/logs -o "$T/m.vdu"
u="verdict unused --usage $T/m.vdu --snapshot corpus/snapshots/acme --managed-policies corpus/snapshots/managed --permissions --principal *:role/sandbox -f jsonl"
say() {
    sed -n 's/.*"rule": "\([^"]*\)".*"item": \([^,]*\), .*"reasons": \[\([^]]*\)\].*/\1 \2 \3/p'
}
$u -v 2>/dev/null | say
echo "--- accepted"
$u --accept-unmapped | say
echo "--- told"
printf 'sqs\tStartQueueDream\t\tsqs:StartMessageMoveTask\t\n' >"$T/rows.tsv"
$u --map-extra "$T/rows.tsv" | say
