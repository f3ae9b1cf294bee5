# What README.md shows is what comes: every block that begins with "$ verdict" is run.  The catalogue never grows old here.
echo 'lint: {catalog: {max-age-days: 36500}}' >"$T/config.yaml"
VERDICT_CONFIG=$T/config.yaml
export VERDICT_CONFIG
awk -v T="$T" '
    /^```/ { inside = 0 }
    inside && !taken { command = command " " $0; taken = $0 !~ /\\$/; if (taken) { print command > (T "/command" n); close(T "/command" n) } ; next }
    inside { print > (T "/want" n) }
    /^```$/ { getline; if ($0 ~ /^\$ verdict/) { n++; inside = 1; command = substr($0, 3); taken = $0 !~ /\\$/
        printf "" > (T "/want" n)
        if (taken) { print command > (T "/command" n); close(T "/command" n) } } }
    END { print n > (T "/count") }' README.md
n=$(cat "$T/count")
[ "$n" -ge 3 ] || echo "only $n blocks"
while [ "$n" -gt 0 ]; do
    sed 's/\\ / /g' "$T/command$n" >"$T/run"
    sh "$T/run" >"$T/came" 2>"$T/said"
    grep -v "things are not whole" "$T/said" >&2 # the company of the examples has gaps on purpose
    diff -u "$T/want$n" "$T/came" || cat "$T/run"
    n=$((n - 1))
done
