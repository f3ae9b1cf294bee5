# Through S3 Object Lambda, whatever the access point is called: the type of the resource says so.  And calls of function URLs.
. tests/usage/records
data='"eventCategory":"Data","managementEvent":false,"requestParameters"'
olap='{"accountId":"111111111111","type":"AWS::S3ObjectLambda::AccessPoint","ARN":"arn:aws:s3-object-lambda:eu-west-1:111111111111:accesspoint/thumbs"}'
{
    event s3 GetObject 02 "$data:{\"bucketName\":\"thumbs\",\"key\":\"k\"},\"resources\":[$olap]"
    event s3 PutObject 02 "$data:{\"bucketName\":\"thumbs\",\"key\":\"k\"},\"resources\":[$olap]"
    # a key that is called like a type is none
    event s3 PutObject 02 "$data:{\"bucketName\":\"b\",\"key\":\"AWS::S3ObjectLambda::AccessPoint\"},\"resources\":[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::b/AWS::S3ObjectLambda::AccessPoint\"}]"
    event lambda InvokeFunctionUrl 02 "$data:{\"functionName\":\"f\"},\"resources\":[{\"accountId\":\"111111111111\",\"type\":\"AWS::Lambda::Function\",\"ARN\":\"arn:aws:lambda:eu-west-1:111111111111:function:f\"}]"
} >"$T/log"
actions <"$T/log"
echo "--- of one event"
head -2 "$T/log" | tail -1 >"$T/event.json"
verdict explain -q --event "$T/event.json" 2>&1 | head -1
sed -n 3p "$T/log" >"$T/event.json"
verdict explain -q --event "$T/event.json" 2>&1 | head -1
