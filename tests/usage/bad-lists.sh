# A worker's list holds anything; what cannot be read is an input that failed, in the counters as well, and the others are read.
one=corpus/trails/containers/lines.jsonl two=corpus/trails/containers/eventbridge.json
ask() {
    verdict usage "$@"
    echo "exit $?" >&2
}
mkdir "$T/d" && : >"$T/empty"
{
    printf '%s\n' "$one" "" /nowhere "$T/d" "$one" " $two" "$T/empty" - "$T/d/a	b"
    printf '%s\r\n' "$two"
    printf 'a\0b\n\0\n\377\303\n'
    head -c 5000 /dev/zero | tr '\0' x
    echo
    head -c 1100000 /dev/zero | tr '\0' y
} >"$T/list"
ask collect --in paths --now 2026-04-01 -o "$T/u.vdu" <"$T/list"
ask collect -q --in paths --tolerate all --now 2026-04-01 -o "$T/all.vdu" <"$T/list"
cmp "$T/u.vdu" "$T/all.vdu"
verdict usage collect -q --now 2026-04-01 $one $two "$T/empty" -o "$T/good.vdu"
sed -n '/^{/p' "$T/u.vdu" >"$T/a" && sed -n '/^{/p' "$T/good.vdu" | cmp - "$T/a"
ask collect -q --in paths </dev/null
ask collect -q --in paths --tolerate all </dev/null >/dev/null
ask merge -q "$T/d"
ask merge -q --sum tsv - </dev/null >/dev/null
# What cannot be read is no log without records: not a file, not a stream.
ask collect -q - <"$T/d" >/dev/null
ask collect -q --in lines <"$T/d" >/dev/null
ask collect -q --in frames <"$T/d" >/dev/null
ask collect -q --in paths <"$T/d" >/dev/null
# A named pipe is read when somebody writes into it, however late; and a signal ends the waiting.
mkfifo "$T/pipe"
{
    sleep 0.3
    cat $one >"$T/pipe"
} &
verdict usage collect -q --now 2026-04-01 "$T/pipe" | grep -c '^{'
wait
mkfifo "$T/quiet"
exec 3<>"$T/quiet" # somebody holds it open and says nothing
for how in "$T/pipe" "--in lines" "--in paths" "--in frames"; do
    # shellcheck disable=SC2086
    timeout --preserve-status -s TERM -k 5 2 verdict usage collect -q $how >"$T/part.vdu" <&3
    echo "exit $?" >&2
    grep -c '"partial":true' "$T/part.vdu"
done
exec 3>&-
# Where nothing can be written.
ask collect -q --now 2026-04-01 $one >/dev/full
ask collect -q --now 2026-04-01 --in lines --stream 1 <$one >/dev/full
ask collect -q --now 2026-04-01 -j 4 --mem 1K --tmp "$T/none" corpus/trails/tree >/dev/null
ask collect -q --now 2026-04-01 --in lines --stream 1 -o "$T/last.vdu" <$one
ask collect -q --now 2026-04-01 --in lines --stream 1 -o "$T/d" <$one
