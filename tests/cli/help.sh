# The pages, in the width of the terminal; --help is the same page.
verdict help
verdict help limits
verdict help exit-codes
verdict help version
verdict version --help >"$T/a"
verdict help version >"$T/b"
cmp "$T/a" "$T/b"
COLUMNS=60 verdict help test
for c in eval explain test simulate compile help version completion; do
    COLUMNS=80 verdict help $c | awk -v c=$c 'length($0) > 80 { print c ": " $0 }'
done
