# Versions at the end of names are cut where the source has them, and nothing else is.
. tests/usage/records
{
    event securityhub GetFindingsV2 02 "$none"
    event s3 ListObjectsV2 02 '"requestParameters":{"bucketName":"b"},"resources":[{"ARN":"arn:aws:s3:::b"}]'
    event cloud9 CreateEnvironmentEC2 02 '"requestParameters":{"name":"e"}'
    event cloudfront CreateDistribution2020_05_31 02 '"requestParameters":{}'
    event lambda GetAccountSettings20160819 02 "$none"
    event monitoring DescribeAlarms 02 "$none"
} | actions --dependents ignore
