# 404 instead of 403 tells that listing may be allowed: possible, no more.
. tests/usage/records
p='"requestParameters":{"bucketName":"b","key":"k"},"resources":[{"ARN":"arn:aws:s3:::b/k"},{"ARN":"arn:aws:s3:::b"}]'
{
    event s3 HeadObject 02 "$p,\"errorCode\":\"NoSuchKey\",\"errorMessage\":\"The specified key does not exist.\""
    event s3 HeadObject 03 "$p"
} | actions -v --dependents ignore
