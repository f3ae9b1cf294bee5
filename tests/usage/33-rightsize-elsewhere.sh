# What the policy of a bucket allows is not granted once more.
. tests/usage/records
. tests/usage/rightsizing
{
    event s3 GetObject 02 "$(object ours a.txt)"
    event s3 GetObject 03 "$(object theirs b.txt)"
} >"$T/log"
collect
policy '{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::ours/*"}'
size --mode strict --accept-assumed --drop-unseen all --accept-unmapped
format=json size --mode strict --accept-assumed --drop-unseen all --accept-unmapped | grep '"elsewhere"'
