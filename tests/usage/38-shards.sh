# However the files are dealt out, in whatever order, and merged in whatever tree: the same bytes.
verdict usage collect --now 2026-04-01 -q corpus/trails/tree corpus/trails/containers/lines.jsonl corpus/trails/bad -o "$T/all.vdu" 2>&1 | tail -1
i=0
for f in corpus/trails/tree corpus/trails/containers/lines.jsonl corpus/trails/bad/*; do
    i=$((i + 1))
    [ "$f" = corpus/trails/bad/nothing.json ] || verdict usage collect --now 2026-04-01 -q --tolerate all "$f" -o "$T/$i.part"
done
verdict usage collect --now 2026-04-01 -q --tolerate all corpus/trails/bad/nothing.json -o "$T/99.part"
verdict usage merge -q --tolerate all "$T"/*.part -o "$T/once.vdu"
ls -r "$T"/*.part | head -8 | verdict usage merge -q --tolerate all --in paths -o "$T/some.vdu"
verdict usage merge -q --tolerate all $(ls -r "$T"/*.part | tail -n +9) "$T/some.vdu" -o "$T/tree.vdu"
cmp "$T/all.vdu" "$T/once.vdu"
cmp "$T/all.vdu" "$T/tree.vdu"
for jobs in 1 2 7; do
    verdict usage collect --now 2026-04-01 -q --tolerate all --jobs $jobs corpus/trails/tree corpus/trails/containers/lines.jsonl corpus/trails/bad -o "$T/j.vdu"
    cmp "$T/all.vdu" "$T/j.vdu"
done
verdict usage collect --now 2026-04-01 -q --tolerate all --mem 1K --tmp "$T" corpus/trails/tree corpus/trails/containers/lines.jsonl corpus/trails/bad -o "$T/spilled.vdu"
cmp "$T/all.vdu" "$T/spilled.vdu"
ls -A "$T" | grep -c verdict-usage
# Nothing counts twice without being told.
verdict usage merge -q "$T/1.part" "$T/2.part" "$T/1.part" -o "$T/twice.vdu"
echo "exit $?"
verdict usage merge -q --overlap max "$T/1.part" "$T/1.part" | head -3
verdict usage merge -q --overlap sum "$T/1.part" "$T/1.part" | head -3
