verdict usage collect --now 2026-04-01 -q corpus/trails/tree -o "$T/a.vdu"
head -c 700 "$T/a.vdu" >"$T/short.vdu"
sed 's/"n":2/"n":3/' "$T/a.vdu" >"$T/changed.vdu"
for f in short changed; do
    verdict usage merge "$T/$f.vdu" -o "$T/b.vdu"
    echo "exit $?"
    verdict usage show "$T/$f.vdu" >/dev/null
    echo "exit $?"
done
verdict usage show --salvage "$T/short.vdu"
gzip -c "$T/a.vdu" >"$T/a.vdu.gz"
verdict usage merge -q "$T/a.vdu.gz" | cmp - "$T/a.vdu"
sed 's/"m":"f"/"zz":[1,2],"m":"f"/' "$T/a.vdu" | sed '$d' >"$T/new.vdu"
printf '#end sha256:%s\n' "$(sha256sum "$T/new.vdu" | cut -c1-64)" >>"$T/new.vdu"
verdict usage merge -q "$T/new.vdu" | grep -c '"zz":\[1,2\]'
