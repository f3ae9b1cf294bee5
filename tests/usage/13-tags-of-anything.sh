# The tagging API needs the tag action of each service, too, on each resource.
. tests/usage/records
list='"resourceARNList":["arn:aws:sqs:eu-west-1:111111111111:q","arn:aws:lambda:eu-west-1:111111111111:function:f","arn:aws:s3:::b","arn:aws:ec2:eu-west-1:111111111111:instance/i-0123456789abcdef0","arn:aws:iam::111111111111:role/r","arn:aws:rds:eu-west-1:111111111111:db:d"]'
event tagging TagResources 02 "\"requestParameters\":{$list,\"tags\":{\"a\":\"b\"}}" | actions -v
event tagging UntagResources 02 "\"requestParameters\":{$list,\"tagKeys\":[\"a\"]}" | actions -v
# refused: nothing was needed; somebody else's event of the same name
event tagging TagResources 02 "\"errorCode\":\"AccessDenied\",\"requestParameters\":{$list,\"tags\":{\"a\":\"b\"}}" | actions
event tagging TagResources 02 "$none" | actions
