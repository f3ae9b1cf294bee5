# What is called a secret is printed by no format: not by its own finding, and not in the excerpt of another one.
printf '%s\n' '{"Version": "2012-10-17", "Statement": {"Sid": "a-b", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",' \
    '  "Condition": {"StringEqual": {"aws:userid": "AKIAQYLPMN5HGTRSWXYZ"}}}}' >"$T/p.json"
for format in text json jsonl sarif github junit markdown access-analyzer; do
    verdict lint "$T/p.json" --format $format --all >"$T/out"
    grep -q QYLPMN5 "$T/out" && echo "$format prints it"
    [ $format = access-analyzer ] || grep -q secret-in-policy "$T/out" || echo "$format does not tell of it"
done
verdict lint "$T/p.json" --select secret-in-policy,invalid-condition-operator
