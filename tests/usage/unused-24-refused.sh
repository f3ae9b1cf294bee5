# Attempts that were refused are no use; they are told.
cat >"$T/policy.json" <<'P'
{"Version": "2012-10-17", "Statement": [
  {"Sid": "Queues", "Effect": "Allow", "Action": ["sqs:CreateQueue", "sqs:ListQueues"], "Resource": "*"}]}
P
p=arn:aws:iam::333333333333:role/lambda-hello
cat >"$T/tried.csv" <<P
action,principal,count,denied,first,last
sqs.amazonaws.com/CreateQueue,$p,0,3,2025-05-07,2025-05-09
P
verdict usage collect -q --now 2025-06-02 corpus/trails/month/logs/333333333333.json "$T/tried.csv" -o "$T/m.vdu"
verdict unused --usage "$T/m.vdu" --principal $p "$T/policy.json" | sed -n '/^arn/,$p'
verdict unused --usage "$T/m.vdu" --principal $p "$T/policy.json" -f jsonl | sed -n 's/.*"rule": "\([^"]*\)".*"denied": \([0-9]*\).*/\1 denied \2/p'
