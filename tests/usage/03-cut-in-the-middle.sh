# What was whole before the cut counts.
verdict usage collect --now 2026-04-01 corpus/trails/bad/truncated.json.gz -o "$T/a.vdu"
echo "exit $?"
verdict usage collect --now 2026-04-01 --tolerate none corpus/trails/bad/truncated.json.gz -o "$T/a.vdu"
echo "exit $?"
verdict usage collect --now 2026-04-01 corpus/trails/bad/truncated.json | grep '"p"'
