# Two levels: the second allows nothing.
verdict explain --identity policies/guard-rails/full-access.json --scp policies/guard-rails/full-access.json \
    --scp policies/examples/team-data/auditor.json \
    --principal arn:aws:iam::111122223333:user/alice --action ec2:RunInstances --resource '*'
