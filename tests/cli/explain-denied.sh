# The closest statement, with a caret under what does not match, and what would allow it.
verdict explain --scenario policies/examples/team-data/question.json
