# One JSON document carries the format's number; every format may go to a file of its own.
verdict eval --identity policies/examples/team-data/dev.json --action s3:DeleteObject \
    --principal arn:aws:iam::111122223333:user/alice --resource-account 111122223333 \
    --resource arn:aws:s3:::team-data/alice/report.csv -f json --format text="$T/text" --format jsonl="$T/lines"
code=$?
cat "$T/text" "$T/lines"
exit $code
