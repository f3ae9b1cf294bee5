# Snapshots that are not whole: what is told of each.  The notes that must be among them are in expect.tsv.
b=corpus/snapshots/broken
grep -v '^#' $b/expect.tsv | cut -f 1,2 | tr '\t' ' ' | while read -r name what; do
    verdict compile --snapshot $b/$name -o "$T/x.vdb" >"$T/out" 2>"$T/err"
    code=$?
    [ -s "$T/out" ] && echo "$name: something on standard output"
    if [ -n "$what" ]; then
        grep -q "\[$what\]: " "$T/err" || echo "$name: no [$what]"
    elif [ -s "$T/err" ]; then
        echo "$name: is whole, but is complained about"
    fi
    echo "$name $code"
done
