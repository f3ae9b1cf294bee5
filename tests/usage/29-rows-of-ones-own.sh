# A name that no table knows; with a row for it the same summary tells what it was.
. tests/usage/records
{
    event s3 FrobnicateBucket 02 '"requestParameters":{"bucketName":"b"},"resources":[{"ARN":"arn:aws:s3:::b"}]'
    event nosuchservice DoIt 02 "$none"
    event nosuchservice DoItAgain 03 "$none"
} | verdict usage collect -q --now 2026-04-01 - >"$T/a.vdu"
verdict usage show --actions "$T/a.vdu"
printf 'source\tevent\twhen\taction\tresource\n# ours\ns3\tFrobnicateBucket\t\ts3:PutBucketPolicy\t\nnosuchservice\tDoIt\t\tsqs:ListQueues\n' >"$T/rows.tsv"
verdict usage show --actions --map-extra "$T/rows.tsv" "$T/a.vdu"
printf 's3\tFrobnicateBucket\t\ts3:PutBucketPolicie\n' >"$T/wrong.tsv"
verdict usage show --actions --map-extra "$T/wrong.tsv" "$T/a.vdu"
echo "exit $?"
# Facts as they stand are not looked up.
verdict usage show --map-extra "$T/rows.tsv" "$T/a.vdu"
echo "exit $?"
