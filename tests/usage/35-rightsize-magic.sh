# A star and a dollar in the name of an object are themselves.
. tests/usage/records
. tests/usage/rightsizing
{
    event s3 GetObject 02 "$(object b 'a*b/c')"
    event s3 GetObject 03 "$(object b 'a${x}b')"
} >"$T/log"
collect
policy '{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}'
size --mode strict --drop-unseen all --accept-unmapped
format=json size --mode strict --drop-unseen all --accept-unmapped | grep '"replayed"'
