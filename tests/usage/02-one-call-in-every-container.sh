# The same call as a line, in messages, in events: one fact, seen once.
verdict usage collect --now 2026-04-01 corpus/trails/containers | grep -v '^#unit\|^#end'
