# A month of the company: what nobody used, whom and what nobody needs.  How many actions of AdministratorAccess can be seen
# hangs on tables that grow: of those who have it only who they are is told here.
verdict usage collect -q --now 2025-06-02 corpus/trails/month corpus/snapshots/acme/accounts/*/credential-report.csv -o "$T/month.vdu"
u="verdict unused --usage $T/month.vdu --snapshot corpus/snapshots/acme --managed-policies corpus/snapshots/managed"
for f in user/fin user/ops-anna user/legacy-backup role/app-orders role/bastion role/deploy; do
    $u --principal "*:$f" --fail-on none | sed -n '/^arn/,$p'
done
echo "--- whoever there is"
$u | grep '^arn'
echo "--- identities"
$u --identities | sed -n '/^$/,$p'
