# What a copy is made from is asked for by its own action, and kept apart from what it makes.
. tests/usage/record
{
    record s3 CopyObject '{"bucketName":"to","key":"k","x-amz-acl":"private","x-amz-tagging":"a=b","x-amz-tagging-directive":"REPLACE","x-amz-copy-source":"/from/a%20b?versionId=3"}'
    record s3 CopyObject '{"bucketName":"to","key":"k","x-amz-copy-source":"from/k"}' ',"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::from/k"},{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::to/k"},{"accountId":"111111111111","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::to"}]'
    record s3 UploadPartCopy '{"bucketName":"to","key":"k","uploadId":"u","x-amz-copy-source":"from/k"}'
    record s3 PutObject '{"bucketName":"arn:aws:s3:eu-west-1:111111111111:accesspoint/ap","key":"k"}'
    record kms ReEncrypt '{"sourceKeyId":"arn:aws:kms:eu-west-1:111111111111:key/1","destinationKeyId":"arn:aws:kms:eu-west-1:111111111111:key/2"}'
} | about
