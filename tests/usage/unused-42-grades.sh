# What is not seen is proven when others did it, of the family when others did the like, else assumed.
cat >"$T/policy.json" <<'P'
{"Version": "2012-10-17", "Statement": [
  {"Sid": "Proven", "Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"},
  {"Sid": "Family", "Effect": "Allow", "Action": "lambda:DeleteFunction", "Resource": "*"},
  {"Sid": "Assumed", "Effect": "Allow", "Action": "glue:CreateJob", "Resource": "*"}]}
P
verdict usage collect -q --now 2025-06-02 corpus/trails/month/logs |
    verdict unused --usage - --principal arn:aws:iam::222222222222:role/bastion "$T/policy.json" -f jsonl |
    sed -n 's/.*"statement": {"sid": "\([A-Z][^"]*\)".*"grade": \([^,]*\),.*/\1 \2/p'
