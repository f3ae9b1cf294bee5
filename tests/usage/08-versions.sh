verdict usage collect --now 2026-04-01 corpus/trails/bad/versions.json | grep -v '^#unit\|^#end'
verdict usage collect --now 2026-04-01 --accept-major -q corpus/trails/bad/versions.json | grep -c '"n":3'
