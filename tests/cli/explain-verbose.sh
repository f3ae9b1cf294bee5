# Every statement with every element.
verdict explain -v --scenario policies/examples/team-data/question.json --now 2026-01-01T00:00:00Z
