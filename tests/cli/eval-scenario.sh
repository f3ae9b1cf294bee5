# A saved question, changed by options; a file of several cases gives several answers.
verdict eval --scenario policies/examples/team-data/question.json
echo "exit $?"
verdict eval --scenario policies/examples/team-data/question.json --action s3:GetObject -f jsonl
echo "exit $?"
verdict eval --scenario policies/examples/team-data/team-data.test.json
echo "exit $?"
