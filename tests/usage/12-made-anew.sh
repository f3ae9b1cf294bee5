# A role under the name of one that is gone: two principals.
sed 's/AROAEXAMPLE0000000001/AROAEXAMPLE0000000009/g; s/0b5c1f8e/1b5c1f8e/' corpus/trails/containers/lines.jsonl >"$T/again.jsonl"
verdict usage collect --now 2026-04-01 -q corpus/trails/containers/lines.jsonl "$T/again.jsonl" | grep '"p"'
