# Throttled, or wrong otherwise: whether permissions were looked at before, nobody knows, so it counts as used.
. tests/usage/records
{
    event sqs ListQueues 02 "$none,\"errorCode\":\"ThrottlingException\""
    event sns ListTopics 02 "$none,\"errorCode\":\"ValidationError\""
    event ec2 DescribeRegions 02 "$none,\"errorCode\":\"Client.DryRunOperation\""
} | actions
