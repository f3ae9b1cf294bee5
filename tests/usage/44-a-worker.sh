# As one worker of many: lines, files in frames, rows, parts; a signal.
cat corpus/trails/containers/lines.jsonl corpus/trails/containers/cloudwatch.log corpus/trails/containers/eventbridge.json |
    verdict usage collect --in lines --unit part-1 --now 2026-04-01 -o "$T/lines.vdu"
grep '^#unit' "$T/lines.vdu"
cat corpus/trails/containers/lines.jsonl corpus/trails/bad/two-members.json.gz >/dev/null
for i in 1 2 3; do cat corpus/trails/containers/lines.jsonl; done |
    verdict usage collect -q --in lines --stream 2 --now 2026-04-01 >"$T/parts.vdu"
grep -c '^#end' "$T/parts.vdu"
verdict usage merge -q "$T/parts.vdu" | grep '"p"\|^#unit'
frame() { # the length of a name and of bytes, the lowest byte first
    printf "\\$(printf %o ${#1})\\000\\000\\000%s" "$1"
    n=$(wc -c <"$2")
    printf "\\$(printf %o $((n % 256)))\\$(printf %o $((n / 256)))\\000\\000\\000\\000\\000\\000"
    cat "$2"
}
{
    frame a.json.gz corpus/trails/bad/two-members.json.gz
    frame b.json corpus/trails/containers/eventbridge.json
} >"$T/frames"
verdict usage collect --in frames --now 2026-04-01 <"$T/frames" | grep '^#unit'
head -c 1500 "$T/frames" | verdict usage collect -q --in frames --now 2026-04-01 | grep -c '^#end'
printf 's3:GetObject\tarn:aws:iam::111111111111:user/x\t5\t2026-03-01\n' |
    verdict usage collect -q --in tsv --cols action,principal,count,first | grep '"p"'
verdict usage collect --in lines x
echo "exit $?"
verdict usage collect
echo "exit $?"
verdict usage colect
echo "exit $?"
verdict usage collect /nowhere --mem lots
echo "exit $?"
verdict usage collect --now 2026-04-01 "$T/nowhere" -o "$T/x.vdu"
echo "exit $?"
verdict usage collect -q --now 2026-04-01 corpus/trails/tree -o "$T"
verdict usage collect -q --now 2026-04-01 corpus/trails/tree -o "$T"
ls "$T" | grep -c part-
mkfifo "$T/pipe"
verdict usage collect -q --in lines --now 2026-04-01 <"$T/pipe" >"$T/partial.vdu" &
worker=$!
{
    cat corpus/trails/containers/lines.jsonl
    sleep 1
    kill -TERM $worker
    sleep 1
} >"$T/pipe"
wait $worker
echo "exit $?"
grep -c '"partial":true\|"n":2' "$T/partial.vdu"
