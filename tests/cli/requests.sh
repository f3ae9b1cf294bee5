# Many requests: answers come in order, a bad line gets an answer too, and the exit code is 2 in the end.
e=policies/examples/team-data
{
    cat $e/requests.jsonl
    echo
    echo '{"action": "s3:GetObject"'
    echo '{"principal": "anonymous", "action": "s3:GetObject", "resorce": "*"}'
    echo '{"principal": "anonymous", "action": "nothing", "resource": "*"}'
    echo '{"principal": "anonymous", "resource": "*"}'
    printf '{"principal": "anonymous", "action": "s3:GetObject", "resource": "arn:aws:s3:::team-data/x"}'
} | verdict eval --identity $e/dev.json --resource-policy $e/bucket.json --requests -
