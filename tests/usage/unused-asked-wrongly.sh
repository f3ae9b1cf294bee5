# Questions that make no sense, and files that are none.
verdict usage collect -q --now 2025-06-02 corpus/trails/month/logs/111111111111.json -o "$T/m.vdu"
ask() {
    echo "--- $*" | sed "s#$T#T#g"
    verdict unused "$@" 2>&1 | sed "s#$T#T#g; s/; tables .*//" | grep -v '^verdict: note'
}
ask
ask --usage "$T/m.vdu"
ask --usage "$T/nothing.vdu" --snapshot corpus/snapshots/acme
ask --usage corpus/snapshots/acme/manifest.json --snapshot corpus/snapshots/acme
ask --usage "$T/m.vdu" --snapshot corpus/snapshots/acme policies
ask --usage "$T/m.vdu" policies/guard-rails/full-access.json
ask --usage "$T/m.vdu" --principal anna policies/guard-rails/full-access.json
ask --usage "$T/m.vdu" --principal arn:aws:iam::111111111111:role/x "$T/nothing.json"
ask --usage "$T/m.vdu" --principal arn:aws:iam::111111111111:role/x policies/web-app/site-bucket.json
ask --usage "$T/m.vdu" --snapshot corpus/snapshots/acme --principal nobody
ask --usage "$T/m.vdu" --snapshot corpus/snapshots/acme --principal a --principal b
ask --usage "$T/m.vdu" --snapshot corpus/snapshots/acme --age 0
ask --usage "$T/m.vdu" --snapshot corpus/snapshots/acme --fail-on unused-roles
ask --usage "$T/m.vdu" --snapshot corpus/snapshots/acme --identities --permissions
ask --usage "$T/m.vdu" --snapshot corpus/snapshots/acme --as-of soon
ask --usage "$T/m.vdu" --snapshot corpus/snapshots/acme --baseline corpus/snapshots/acme/manifest.json
ask --usage "$T/m.vdu" --usage "$T/m.vdu" --identities --from 2030-01-01
echo "--- a summary that a worker died before it began; a window that ends first; a pattern for somebody"
: >"$T/empty.vdu"
exec 2>&1
verdict unused --usage "$T/empty.vdu" --snapshot corpus/snapshots/acme -q
echo "exit $?"
verdict usage show "$T/empty.vdu"
echo "exit $?"
verdict usage merge -q "$T/empty.vdu" >/dev/null
echo "exit $?"
verdict usage collect --from 2025-06-01 --to 2025-05-01 corpus/trails/month
echo "exit $?"
verdict usage map-check --from 2025-06-01 --to 2025-05-01 corpus/trails/month
echo "exit $?"
verdict unused --usage "$T/m.vdu" --principal 'arn:aws:iam::222222222222:role/*' policies/guard-rails/full-access.json
echo "exit $?"
verdict rightsize arn:aws:iam::999999999999:role/x --usage "$T/m.vdu" --snapshot corpus/snapshots/acme -q
echo "exit $?"
exit 0
