# What answers depend on, for programs; the plain line needs no catalogue.
verdict version
verdict version --catalog "$T/none.vdc"
verdict version -f json | head -9
verdict version -f json >"$T/a"
verdict catalog status -f json | grep '"digest"' | tr -d ', ' >"$T/digest"
tr -d ', ' <"$T/a" | grep -cxF -f "$T/digest"
# A table's digest is that of its cells: columns first, no comments, rows by their first column.
f=data/catalog/tables/arn-traps.tsv
digest=$({ head -n 1 $f; tail -n +2 $f | LC_ALL=C sort; } | sha256sum | cut -c1-64)
grep -A2 '"arn-traps"' "$T/a" | grep -c "\"digest\": \"$digest\""
verdict version -f json --catalog "$T/none.vdc"
echo "exit $?"
