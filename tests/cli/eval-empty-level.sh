# A level of SCPs without a policy is an error, not an allow.
mkdir "$T/empty"
verdict eval --identity policies/guard-rails/full-access.json --scp "$T/empty" \
    --principal arn:aws:iam::111122223333:user/alice --action sqs:SendMessage --resource '*'
