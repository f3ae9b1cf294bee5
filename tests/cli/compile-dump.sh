# The tree for people and for Graphviz.
verdict compile --dump text policies/examples/team-data/dev.json
verdict compile --dump dot policies/examples/team-data/dev.json | head -n 1
