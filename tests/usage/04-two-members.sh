verdict usage collect --now 2026-04-01 corpus/trails/bad/two-members.json.gz corpus/trails/bad/garbage-behind.json.gz \
    corpus/trails/bad/bad-checksum.json.gz | grep -v '^#unit\|^#end'
