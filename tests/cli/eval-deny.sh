# An implicit deny names AWS's reason and the key that could have changed it; exit 1.
verdict eval --identity policies/examples/team-data/dev.json --action=s3:DeleteObject \
    --principal=arn:aws:iam::111122223333:user/alice --resource-account=111122223333 \
    --resource=arn:aws:s3:::team-data/alice/report.csv
