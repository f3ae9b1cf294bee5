# An option that would change nothing is refused with words, whichever it is; what the environment gives is for whoever can use it.
ask() {
    echo "$ $*" >&2
    verdict usage "$@" >"$T/out"
    echo "exit $?" >&2
}
verdict usage collect -q --now 2026-04-01 corpus/trails/tree -o "$T/u.vdu"
for o in "--as trail" "--cols a" "--stream 5" "--unit x" "--from 2026-03-01" "--account 111122223333" "--principal x" --verify \
    --accept-major "--now 2026-04-01" "--dedup-mem 1M" --actions --coverage "--map-extra x" --accept-unmapped "--dependents keep" \
    "--snapshot x" "--managed-policies x" "--format json"; do
    # shellcheck disable=SC2086
    ask merge "$T/u.vdu" $o
done
for o in --follow "--overlap max" --mixed "--sum tsv" --redact "--redact-salt x" "-o $T/x" "--tolerate all" "-j 2" "--mem 64M" "--tmp /tmp"; do
    # shellcheck disable=SC2086
    ask show "$T/u.vdu" $o
done
ask show --from 2026-03-01 "$T/u.vdu"
ask show --actions "$T/u.vdu" --verify
ask show --coverage "$T/u.vdu" --principal x
ask show --coverage "$T/u.vdu" --dependents keep
ask show --actions "$T/u.vdu" --managed-policies x
ask map-check corpus/trails/tree --redact
ask map-check corpus/trails/tree --account 111122223333
ask collect corpus/trails/tree --redact-salt x
ask collect corpus/trails/tree --cols a,b
ask collect corpus/trails/tree --stream 5
ask collect corpus/trails/tree --unit x
ask collect --in lines --follow
ask collect --in frames --unit x
ask collect --in frames --stream 5
ask collect --in lines --stream 0
ask collect --in tsv --stream 5
ask collect --in tsv --as csv
ask collect corpus/trails/tree --tolerate all --max-rejected 1
ask collect corpus/trails/tree --tolerate none --max-failed-files 1
ask show --actions --catalog "$T/none.vdc" "$T/u.vdu"
ask collect --catalog "$T/none.vdc" corpus/trails/tree
ask collect -q - - </dev/null
VERDICT_REDACT_SALT=x VERDICT_JOBS=2 verdict usage show "$T/u.vdu" >"$T/a" || echo "the environment is not refused"
verdict usage show "$T/u.vdu" >"$T/b"
cmp "$T/a" "$T/b"
