# API Gateway is asked for verbs on paths, of one generation or the other.
. tests/usage/record
{
    record apigateway GetAuthorizer '{"apiId":"a1","authorizerId":"z9"}'
    record apigateway GetAuthorizer '{"restApiId":"r1","authorizerId":"z9"}'
    record apigateway TestInvokeMethod '{"restApiId":"r1","resourceId":"s2","httpMethod":"GET"}'
    record apigateway FlushStageCache '{"restApiId":"r1","stageName":"live"}'
} | about
. tests/usage/records
{
    event apigateway GetAuthorizer 02 '"requestParameters":{"apiId":"a1","authorizerId":"z9"}'
    event apigateway TestInvokeMethod 02 '"requestParameters":{"restApiId":"r1","resourceId":"s2","httpMethod":"GET"}'
    event apigateway FlushStageCache 02 '"requestParameters":{"restApiId":"r1","stageName":"live"}'
} | actions --dependents ignore
