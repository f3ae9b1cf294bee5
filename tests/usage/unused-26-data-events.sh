# No trail here logs objects and messages: nothing follows from silence, until Access Advisor says that SQS was never used.
u="verdict unused --snapshot corpus/snapshots/acme --managed-policies corpus/snapshots/managed --permissions --principal *:role/app-orders -v -f jsonl"
say() {
    sed -n 's/.*"rule": "\([^"]*\)".*"state": "\([^"]*\)".*"actions": \[\([^]]*\)\].*"reasons": \[\([^]]*\)\].*"evidence": \[\([^]]*\)\].*/\1 \2 \3 [\4] [\5]/p'
}
verdict usage collect -q --now 2025-06-02 corpus/trails/month/logs | $u --usage - 2>/dev/null | say
echo "--- with Access Advisor"
verdict usage collect -q --now 2025-06-02 corpus/trails/month | $u --usage - 2>/dev/null | say
