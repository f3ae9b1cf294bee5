# Lines with a tab between key and value, for engines that group by what stands before it: a summary like another, and lines of
# several of them in any order are one, too.
verdict usage collect --now 2026-04-01 -q corpus/trails/tree corpus/trails/reports/account.json -o "$T/plain.vdu"
verdict usage collect --now 2026-04-01 -q --sum tsv corpus/trails/tree corpus/trails/reports/account.json -o "$T/tabs.vdu"
awk -F '\t' 'NF != 2' "$T/tabs.vdu"
cut -f1 "$T/tabs.vdu" | sort | uniq -d
verdict usage merge -q "$T/tabs.vdu" | cmp "$T/plain.vdu"
verdict usage merge -q --sum tsv "$T/plain.vdu" | cmp "$T/tabs.vdu"
verdict usage show "$T/tabs.vdu" | head -3
echo "as mappers, a shuffle, and reducers:"
n=0
for f in $(find corpus/trails/tree -name '*.json.gz' | sort) corpus/trails/reports/account.json; do
    n=$((n + 1))
    verdict usage collect --now 2026-04-01 -q --tolerate all --sum tsv "$f" 2>/dev/null >"$T/map.$n"
done
cat "$T"/map.* | sort | verdict usage merge -q --sum tsv - >"$T/reduced"
verdict usage merge -q "$T/reduced" | grep -v '^#' >"$T/a"
verdict usage merge -q $(ls "$T"/map.*) | grep -v '^#' | cmp "$T/a"
sed -n 's/^#counters.\(.*"eventsTotal":[0-9]*\).*/\1/p' "$T/reduced"
echo "two partitions of it, reduced apart:"
cat "$T"/map.* | grep '^{' | awk '{ print > "'"$T"'/part." (NR % 2) }'
cat "$T"/map.* | grep '^#' >>"$T/part.0"
for i in 0 1; do sort -r "$T/part.$i" | verdict usage merge -q --sum tsv - >"$T/reduced.$i"; done
verdict usage merge -q "$T/reduced.0" "$T/reduced.1" | grep -v '^#' | cmp "$T/a"
echo "not in order without being asked to take it:"
cat "$T"/map.* | sort | verdict usage merge -q - >/dev/null
echo "exit $?"
echo "twice the same:"
cat "$T/map.2" "$T/map.2" | sort | verdict usage merge -q --sum tsv - >/dev/null
echo "exit $?"
echo "what is no line of a summary:"
printf 'x\ty\n' | verdict usage merge --sum tsv - >/dev/null
echo "exit $?"
