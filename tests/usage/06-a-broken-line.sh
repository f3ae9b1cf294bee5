verdict usage collect --now 2026-04-01 corpus/trails/bad/broken-line.jsonl | grep -v '^#unit\|^#end'
verdict usage collect --now 2026-04-01 --tolerate all -q corpus/trails/bad/broken-line.jsonl >"$T/a.vdu" && echo tolerated
verdict usage collect --now 2026-04-01 --max-rejected 1 -q corpus/trails/bad/broken-line.jsonl >"$T/a.vdu" && echo one is allowed
