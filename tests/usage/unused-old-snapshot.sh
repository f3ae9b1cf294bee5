# A snapshot is as old as the newest time in it: without logs nothing says that a role that was used until then is unused by now.
: >"$T/none.vdu"
ask() {
    verdict unused --usage "$T/none.vdu" --snapshot corpus/snapshots/acme --principal '*:role/audit' "$@" 2>/dev/null
    echo "exit $?"
}
ask --identities
# Half a year later AWS was asked again, and said the same.
ask --identities --as-of 2025-12-01
