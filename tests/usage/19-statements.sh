# The text of a statement says which of four actions it was; hidden, it may be any of them.
. tests/usage/records
event dynamodb ExecuteStatement 02 '"requestParameters":{"statement":"SELECT * FROM t"}' | actions --dependents ignore
event dynamodb ExecuteStatement 02 '"requestParameters":{"statement":"**********"}' | actions --dependents ignore
event dynamodb ExecuteStatement 02 "$none" | actions --dependents ignore
