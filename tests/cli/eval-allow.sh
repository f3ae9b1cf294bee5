# One line says allow and by which statement; exit 0.
verdict eval --identity policies/examples/team-data/dev.json --action s3:GetObject \
    --principal arn:aws:iam::111122223333:user/alice --resource-account 111122223333 \
    --resource arn:aws:s3:::team-data/alice/report.csv
