# Findings for people: the line before, the range, where it is, how to fix it; the counts; -q prints the first lines only.
rules="--select public-principal,wildcard-in-principal,invalid-principal-key"
verdict lint tests/cli/lint/queue.resource.json $rules
echo "exit $?"
COLUMNS=60 verdict lint tests/cli/lint/queue.resource.json --select wildcard-in-principal
verdict lint tests/cli/lint/queue.resource.json $rules --quiet
verdict lint tests/cli/lint/queue.resource.json $rules --min-severity error --fail-on none | tail -n 1
echo "exit $?"
verdict lint tests/cli/lint/queue.resource.json --select public-principal --color always | head -n 1 | cat -v
verdict lint policies/guard-rails/only-eu-regions.json --select public-principal
echo "exit $?"
