# What bash offers.
verdict completion bash >"$T/bash" && sh -n "$T/bash" 2>/dev/null
command -v bash >/dev/null || exit 0
cat >"$T/ask" <<'END'
. "$T/bash"
ask() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _verdict
    echo "$*: ${COMPREPLY[*]}"
}
ask verdict e
ask verdict eval --f
ask verdict eval --format j
ask verdict eval -f t
ask verdict test --color a
ask verdict completion f
ask verdict help ex
ask verdict eval --identity policies/examples/team-data/d
ask verdict eval --action s
END
bash "$T/ask"
verdict completion zsh | head -n 2
verdict completion fish | head -n 2
