# A guard-rail says so plainly and is not weakened first.
verdict explain --identity policies/guard-rails/full-access.json --scp policies/guard-rails/full-access.json \
    --scp policies/guard-rails/only-eu-regions.json \
    --principal arn:aws:iam::111122223333:role/admin --action ec2:RunInstances --resource '*' \
    --context aws:RequestedRegion=us-east-1
