# All of it for programs.
verdict explain --identity policies/examples/team-data/dev.json --action s3:DeleteObject \
    --principal arn:aws:iam::111122223333:user/alice --resource-account 111122223333 \
    --resource arn:aws:s3:::team-data/alice/report.csv --format json
