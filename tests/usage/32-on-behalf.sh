# What a service did for somebody is his.
. tests/usage/records
who="${who%?},\"invokedBy\":\"cloudformation.amazonaws.com\"}"
{
    event sqs CreateQueue 02 '"requestParameters":{"queueName":"q"}'
    event ec2 DescribeInstances 03 "$none"
} | actions -f json | grep -A2 '"action"\|"via"'
