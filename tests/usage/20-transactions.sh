# Each action of a transaction on its own table; batches by the names of their members; what hides its text is about some table.
. tests/usage/record
{
    record dynamodb TransactWriteItems '{"transactItems":[{"put":{"tableName":"orders"}},{"conditionCheck":{"tableName":"limits"}},{"put":{"tableName":"lines"}}]}'
    record dynamodb TransactGetItems '{"transactItems":[{"get":{"tableName":"orders"}},{"get":{"tableName":"lines"}}]}'
    record dynamodb BatchGetItem '{"requestItems":{"orders":{"keys":[]},"arn:aws:dynamodb:eu-west-1:222222222222:table/far":{"keys":[]}}}'
    record dynamodb Query '{"tableName":"orders","indexName":"by-day"}'
    record dynamodb ExecuteStatement '{"statement":"**********"}'
} | about
. tests/usage/records
event dynamodb TransactWriteItems 02 '"requestParameters":{"transactItems":[{"put":{"tableName":"orders"}},{"conditionCheck":{"tableName":"limits"}}]}' | actions --dependents ignore
