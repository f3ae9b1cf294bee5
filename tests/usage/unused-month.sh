# A month of the company: what nobody used, whom and what nobody needs.
verdict usage collect -q --now 2025-06-02 corpus/trails/month corpus/snapshots/acme/accounts/*/credential-report.csv -o "$T/month.vdu"
u="verdict unused --usage $T/month.vdu --snapshot corpus/snapshots/acme --managed-policies corpus/snapshots/managed"
$u -q
echo "exit $?"
$u --principal '*:user/*' | sed -n '/^arn/,$p'
for f in app-orders bastion deploy audit; do
    $u --principal "*/$f" --fail-on none | sed -n '/^arn/,$p'
done
$u --principal '*AWSReserved*' | sed -n '/^arn/,$p'
echo "--- identities"
$u --identities | sed -n '/^$/,$p'
