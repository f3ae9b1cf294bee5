# The text of a statement says which of four actions it was; hidden, it may be any of them.
. tests/usage/records
event dynamodb ExecuteStatement 02 '"requestParameters":{"statement":"SELECT * FROM t"}' | actions --dependents ignore
event dynamodb ExecuteStatement 02 '"requestParameters":{"statement":"**********"}' | actions --dependents ignore
event dynamodb ExecuteStatement 02 "$none" | actions --dependents ignore
# none of the four may be called unused then, though another one who said what he did shows that logs tell it
. tests/usage/rightsizing
event dynamodb ExecuteStatement 02 '"requestParameters":{"statement":"**********"}' >"$T/log"
self=$who
who=$(role build/cd AROAEXAMPLE0000000002)
for verb in SELECT INSERT UPDATE DELETE; do
    event dynamodb ExecuteStatement 03 "\"eventCategory\":\"Data\",\"managementEvent\":false,\"requestParameters\":{\"statement\":\"$verb\"},\"resources\":[{\"type\":\"AWS::DynamoDB::Table\",\"ARN\":\"arn:aws:dynamodb:eu-west-1:111111111111:table/t\"}]"
done >>"$T/log"
who=$self
collect
policy '{"Effect":"Allow","Action":["dynamodb:PartiQL*","dynamodb:DescribeTable"],"Resource":"*"}'
verdict unused -q --usage "$T/u" --principal arn:aws:iam::111111111111:role/build/ci "$T/p.json" -f csv --permissions | cut -d, -f2,7
size --mode strict --drop-unseen all --accept-unmapped
