# Each case of a suite, with its name.
verdict explain --scenario policies/examples/team-data/team-data.test.json
