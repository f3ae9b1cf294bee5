#!/bin/sh
# fuzz/run.sh SECONDS [TARGET...]: builds the fuzz targets with libFuzzer and the sanitizers into build-fuzz and runs
# each that long from its seeds, as many at a time as there are processors.  What is found new stays in
# build-fuzz/corpus/TARGET, inputs that fail in build-fuzz/crash-TARGET-*.  Fails when a target does.  VD_FUZZ_SEED sets
# the seed of libFuzzer; 0, the default: any.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/tools/setup"
cd "$top"

case ${1-} in
'' | *[!0-9]*)
    echo "usage: fuzz/run.sh SECONDS [TARGET...]" >&2
    exit 2
    ;;
esac
seconds=$1
shift

if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046
    set -- $(sed -n "s/^  '\([a-z0-9_-]*\)',\$/\1/p" fuzz/meson.build)
fi
parts=$(printf 'fuzz/fuzz-%s ' "$@")
CC=clang build build-fuzz -Dfuzz=libfuzzer -Db_sanitize=address,undefined -Db_lundef=false -Dbuildtype=debugoptimized \
    -Dassertions=true -Dpoison=true || exit 2

fuzz() {
    name=$1
    mkdir -p "build-fuzz/corpus/$name"
    set -- -seed="${VD_FUZZ_SEED-0}" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=2048 -max_len=4096 \
        -print_final_stats=1 -artifact_prefix="build-fuzz/crash-$name-"
    [ -f "fuzz/dict/$name.dict" ] && set -- "$@" -dict="fuzz/dict/$name.dict"
    "build-fuzz/fuzz/fuzz-$name" "$@" "build-fuzz/corpus/$name" "fuzz/seeds/$name" >"build-fuzz/$name.log" 2>&1
}

failed=
while [ $# -gt 0 ]; do
    running=
    for name in $(printf '%s\n' "$@" | head -n "$(processors)"); do
        shift
        fuzz "$name" &
        running="$running $name:$!"
    done
    for one in $running; do
        name=${one%:*}
        if wait "${one#*:}"; then
            echo "== fuzz $name, $seconds seconds"
            grep -E '^(Done|stat::average_exec_per_sec)' "build-fuzz/$name.log"
        else
            echo "== fuzz $name: failed"
            tail -n 60 "build-fuzz/$name.log" >&2
            failed="$failed $name"
        fi
    done
done
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
