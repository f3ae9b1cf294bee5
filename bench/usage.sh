#!/bin/sh
# bench/usage.sh BUILD [BYTES]: how fast verdict usage reads, per core, in bytes of the uncompressed log; beside it what others
# need for the same: `wc` and `zcat | wc` for getting at the bytes, and jansson for parsing them.  The log is made up
# (bench/usage_log.c), one gigabyte unless said otherwise.  Times are of the processor, the least of three.
set -eu
build=$(cd "$1" && pwd)
bytes=${2:-1073741824}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/plain" "$work/packed"
"$build/bench/verdict-bench-usage-log" "$bytes" "$work/plain" >"$work/made"
cat "$work/made"
records=$(cut -d ' ' -f 1 "$work/made")
bytes=$(cat "$work"/plain/* | wc -c)
for f in "$work"/plain/*; do gzip -6 -c "$f" >"$work/packed/$(basename "$f").gz"; done
packed=$(cat "$work"/packed/* | wc -c)
echo "ratio $((bytes * 10 / packed))/10"

# seconds COMMAND...: user and system time
seconds() {
    for _ in 1 2 3; do
        { TIMEFORMAT='%U %S'; time -p "$@" >/dev/null; } 2>&1 | awk '/^(user|sys)/ { t += $2 } END { print t }'
    done | sort -n | head -1
}
row() {
    name=$1
    shift
    seconds "$@" | awk -v name="$name" -v bytes="$bytes" -v records="$records" '
        { printf "%-34s %6.2f s  %6.2f GB/s  %5.2f M records/s\n", name, $1, bytes / $1 / 1e9, records / $1 / 1e6 }'
}
export build work
row "plain" "$build/verdict" usage collect -q --jobs 1 "$work/plain" -o "$work/a.vdu"
row "gzip" "$build/verdict" usage collect -q --jobs 1 "$work/packed" -o "$work/b.vdu"
row "one gzip stream" sh -c 'cat "$work"/packed/* | "$build/verdict" usage collect -q --jobs 1 - -o "$work/c.vdu"'
row "cat | wc" sh -c 'cat "$work"/plain/* | wc -c'
row "zcat | wc" sh -c 'zcat "$work"/packed/* | wc -c'
row "jansson" "$build/bench/verdict-bench-usage-jansson" "$work"/plain/*
for kind in plain packed; do
    /usr/bin/env bash -c "ulimit -v 1048576; exec \"\$0\" usage collect -q \"$work/$kind\" -o \"$work/m.vdu\"" "$build/verdict" &
    pid=$!
    peak=0
    while kill -0 $pid 2>/dev/null; do
        now=$(awk '/^VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null || echo 0)
        [ "${now:-0}" -le "$peak" ] || peak=$now
        sleep 0.05
    done
    wait $pid
    echo "peak of memory, $kind, all cores: $((peak / 1024)) MiB"
done
grep -c '"p"' "$work/a.vdu" | sed 's/$/ facts/'
