# The request of a denial message, on standard input or as a word, and of a CloudTrail record.
message='User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::team-data/alice/report.csv" because no identity-based policy allows the s3:GetObject action'
verdict eval --identity policies/examples/team-data/dev.json --error "$message" --resource-account 111122223333
echo "$message" | verdict eval --identity policies/examples/team-data/dev.json --error - --resource-account 111122223333
verdict eval --identity policies/examples/team-data/dev.json --resource-account 111122223333 \
    --error "${message%% because*} with an explicit deny in a service control policy"
cat >"$T/event.json" <<END
{
    "eventVersion": "1.08",
    "eventTime": "2026-11-21T10:00:00Z",
    "eventSource": "sqs.amazonaws.com",
    "eventName": "DeleteQueue",
    "awsRegion": "eu-central-1",
    "sourceIPAddress": "203.0.113.7",
    "userIdentity": {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": "arn:aws:iam::111122223333:user/alice",
        "accountId": "111122223333",
        "userName": "alice"
    },
    "requestParameters": {"queueUrl": "https://sqs.eu-central-1.amazonaws.com/111122223333/jobs"},
    "resources": [{"ARN": "arn:aws:sqs:eu-central-1:111122223333:jobs", "accountId": "111122223333"}]
}
END
verdict eval --identity policies/guard-rails/full-access.json --event "$T/event.json"
verdict eval --identity policies/guard-rails/full-access.json --event "$T/event.json" --error x
