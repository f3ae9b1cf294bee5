# Aggregated events: an action is proven for the account; for a principal only where there is one of them, or one action.
. tests/usage/records
sum() { # sum NAMES DIMENSION STATISTICS
    number=$((number + 1))
    printf '{"eventVersion":"1.0","accountId":"111111111111","eventId":"sum-%s","eventCategory":"Aggregated",' $number
    printf '"eventType":"AwsAggregatedEvent","awsRegion":"eu-west-1","eventSource":"dynamodb.amazonaws.com",'
    printf '"timeWindow":{"windowStart":"2026-03-02T09:00:00Z","windowEnd":"2026-03-02T09:05:00Z","windowSize":"PT5M"},'
    printf '"summary":{"primaryDimension":{"dimension":"%s","statistics":[%s],"aggregationType":"Count"},' "$2" "$3"
    printf '"details":[{"dimension":"eventName","statistics":[%s]}]}}\n' "$1"
}
a='{"name":"GetItem","value":40}' b='{"name":"PutItem","value":2}'
r='arn:aws:sts::111111111111:assumed-role'
echo "# one principal"
sum "$a,$b" principal "{\"name\":\"$r/ci/s\",\"value\":42}" | actions --dependents ignore
echo "# two, and two actions"
sum "$a,$b" principal "{\"name\":\"$r/ci/s\",\"value\":30},{\"name\":\"$r/cd/s\",\"value\":12}" | actions --dependents ignore
echo "# an event of its own counts alone"
{
    sum "$a" principal "{\"name\":\"$r/ci/s\",\"value\":40}"
    event dynamodb GetItem 02 '"requestParameters":{"tableName":"t"}'
} | actions --dependents ignore
