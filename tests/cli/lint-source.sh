# A plan and the configuration it was made of: comments there silence what is about their line, argument or block.
cp -R tests/cli/lint/source "$T/work"
cd "$T/work" || exit 3
mkdir .git
select="--now 2026-11-21T00:00:00Z --select unknown-action,unused-suppression"
verdict lint -q $select --source . plan.json
echo "exit $?"
echo "-- the folder of the plan itself"
verdict lint -q $select plan.json | head -1
cp plan.json .. && verdict lint -q $select ../plan.json | head -1
mkdir other && mv plan.json other && verdict lint -q $select other/plan.json | head -1
verdict lint -q $select ../plan.json other/plan.json | head -1
cp main.tf other && verdict lint -q $select other/plan.json | head -1
verdict lint -q $select ../plan.json other/plan.json | head -1
rm other/main.tf && verdict lint -q $select --source . other/plan.json | head -1
mv other/plan.json .
echo "-- shown"
verdict lint --format jsonl $select --source . --show-suppressed plan.json | grep '"state": *"suppressed"' |
    sed 's/.*"container": *"\([^"]*\)".*"justification": *"\([^"]*\)".*/\1: \2/'
echo "-- without a reason they do not count"
sed 's/ -- .*//' main.tf >short.tf && mv short.tf main.tf
printf 'lint: {require-reason: true}\n' >strict.yaml
verdict lint -q --config strict.yaml $select --source . plan.json
echo "exit $?"
