# Of resources that are more than a summary keeps it knows what they have in common: whatever way it came about, to the byte.
. tests/usage/records
. tests/usage/rightsizing
i=0
while [ $i -lt 240 ]; do
    i=$((i + 1))
    event s3 GetObject $((10 + i % 9)) "$(object one "logs/2026/$((i % 12))/part-$i.gz")"
    event s3 GetObject $((10 + i % 9)) "$(object two "in/$((i * 7919 % 1000))")"
    [ $((i % 3)) -ne 0 ] || event sqs SendMessage 10 "$(queue "orders-$i")"
done >"$T/log"
split -n r/7 "$T/log" "$T/s."
collect
grep -o '"L":.*' "$T/u" | sed 's/"}\]}\].*/"}]}]/'
for s in "$T"/s.??; do verdict usage collect -q --now 2026-04-01 "$s" -o "$s.vdu"; done
facts() { grep '^{' "$1"; }
facts "$T/u" >"$T/want"
verdict usage merge -q "$T"/s.??.vdu -o "$T/m1"
verdict usage merge -q "$T"/s.a[a-c].vdu -o "$T/left"
ls -r "$T"/s.a[d-g].vdu | verdict usage merge -q --in paths -o "$T/right"
verdict usage merge -q "$T/right" "$T/left" -o "$T/m2"
verdict usage merge -q --overlap max "$T/m2" "$T/left" -o "$T/m3" # joins may be done twice
verdict usage collect -q --now 2026-04-01 --mem 300K -j 3 --tmp "$T" "$T"/s.?? -o "$T/m4"
for s in "$T"/s.??; do verdict usage collect -q --now 2026-04-01 --sum tsv "$s"; done | sort -r | verdict usage merge -q --sum tsv - | verdict usage merge -q - -o "$T/m5"
tac "$T/log" | verdict usage collect -q --now 2026-04-01 - -o "$T/m6"
for n in 1 2 3 4 5 6; do
    facts "$T/m$n" | sed 's/"X":\[[^]]*\],*//' >"$T/got"
    sed 's/"X":\[[^]]*\],*//' "$T/want" | cmp - "$T/got"
done
# Who merged without knowing of it says less than it was: its word is not taken.  Neither is one that contradicts itself.
old() { # the same from an older version, SED
    sed -e 's/"minor":2/"minor":1/' -e "$1" "$T/u" | grep -v '^#end' >"$T/old"
    printf '#end sha256:%s\n' "$(sha256sum <"$T/old" | cut -c1-64)" >>"$T/old"
    verdict usage merge -q "$T/old" -o "$T/o" && grep -c '"L":' "$T/o"
}
old 's/x/x/'
verdict usage merge -q --overlap max "$T/old" "$T/u" -o "$T/o" && grep -c '"L":' "$T/o"
old 's/"minor":1/"minor":2/'
old 's/"minor":1/"minor":2/; s/"e":[0-9]*/"e":1/'
old 's/"minor":1/"minor":2/; s/"+":"[A-Z]*",//'
old 's/"minor":1/"minor":2/; s/"L":\[.*\]}/"L":[]}/'
verdict usage collect -q --redact --now 2026-04-01 "$T/log" -o "$T/r1" && verdict usage merge -q --redact "$T/u" -o "$T/r2" && grep -c '"L":' "$T/r1"
facts "$T/r1" >"$T/a" && facts "$T/r2" | cmp - "$T/a"
# What is told of it, and what it is good for.
verdict usage show "$T/u" | grep -v '^  *evs\|^ *[a-z]*[A-Z]' | head -16
verdict usage show -f json "$T/u" >"$T/u.json" && schema-check docs/schema/usage.json "$T/u.json"
grep -A4 'resourcesAbout\|resourcePatterns' "$T/u.json" | tr -d ' \n' && echo
verdict usage show --actions "$T/u"
policy '{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}'
size --mode strict --accept-assumed --drop-unseen all --accept-unmapped
policy '{"Effect":"Allow","Action":["s3:GetObject","sqs:*"],"Resource":["arn:aws:s3:::one/logs/2026/1*","arn:aws:s3:::two/in/*","arn:aws:s3:::three/*","arn:aws:sqs:*:*:orders-*"]}'
size --mode strict --accept-assumed --drop-unseen all --accept-unmapped
