# CopyObject is checked on both sides: what it reads, in its version, what it writes, and what it sets on the way.
. tests/usage/records
p='"bucketName":"to","key":"k","x-amz-acl":"private","x-amz-tagging-directive":"REPLACE","x-amz-copy-source":"from/k?versionId=3"'
event s3 CopyObject 02 "\"requestParameters\":{$p},\"resources\":[{\"ARN\":\"arn:aws:s3:::to/k\"},{\"ARN\":\"arn:aws:s3:::to\"}]" |
    actions -v --dependents ignore
event s3 CopyObject 02 "\"requestParameters\":{$p,\"x-amz-tagging\":\"a=b\"}" | actions --dependents ignore
