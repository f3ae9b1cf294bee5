# For a ticket: what comes from outside is quoted.
verdict explain --scenario policies/examples/team-data/question.json --format markdown
