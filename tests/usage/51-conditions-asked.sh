# Conditions about tags and KMS's encryption context are suggested only where every call had them (usage 3.5).
. tests/usage/records
. tests/usage/rightsizing
suggested() {
    collect
    format=json size --accept-assumed --suggest-conditions --drop-unseen all --accept-unmapped "$@" | sed -n '/"suggestions"/,/^  \]/p' | grep -v 'aws:RequestedRegion\|aws:ResourceAccount'
}
create() { # create QUEUE DAY [TAGS]
    tags=${3:+",\"tags\":{$3"}${3:+"}"}
    event sqs CreateQueue "$2" "\"requestParameters\":{\"queueName\":\"$1\"$tags}"
}
decrypt() { # decrypt DAY [CONTEXT]
    context=${2:+",\"encryptionContext\":{$2"}${2:+"}"}
    event kms Decrypt "$1" "\"requestParameters\":{\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"$context},\"resources\":[{\"accountId\":\"111111111111\",\"type\":\"AWS::KMS::Key\",\"ARN\":\"arn:aws:kms:eu-west-1:111111111111:key/0a\"}]"
}
echo "--- tags: of all the same keys, of one of them the same value"
policy '{"Sid":"Q","Effect":"Allow","Action":["sqs:CreateQueue","sqs:TagQueue"],"Resource":"*"}'
create a 02 '"env":"prod","owner":"ann"' >"$T/log"
create b 03 '"env":"prod","owner":"bob"' >>"$T/log"
suggested
echo "--- another key, once"
cp "$T/log" "$T/before"
create c 04 '"env":"prod","cost":"7"' >>"$T/log"
suggested
echo "--- once without a tag"
cp "$T/before" "$T/log"
create c 04 >>"$T/log"
suggested
echo "--- more owners than are worth a list, and more than are kept"
for n in 1 2 3 4 5 6; do create q$n 05 "\"env\":\"prod\",\"owner\":\"o$n\""; done >"$T/log"
suggested
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do create q$n 05 "\"env\":\"prod\",\"owner\":\"o$n\""; done >"$T/log"
suggested
echo "--- a value that a policy would take for a variable"
create a 02 '"env":"${aws:username}"' >"$T/log"
suggested
echo "--- machines: images and subnets have no tags to ask for"
policy '{"Sid":"M","Effect":"Allow","Action":"ec2:RunInstances","Resource":"*"}'
event ec2 RunInstances 02 '"requestParameters":{"instancesSet":{"items":[{"imageId":"ami-0a","minCount":1,"maxCount":1}]},"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"env","value":"prod"}]}]}},"responseElements":null' >"$T/log"
suggested
echo "--- KMS: one context, of one bucket"
policy '{"Sid":"K","Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:111111111111:key/*"}'
decrypt 02 '"aws:s3:arn":"arn:aws:s3:::b"' >"$T/log"
decrypt 03 '"aws:s3:arn":"arn:aws:s3:::b","more":"x"' >>"$T/log"
suggested
echo "--- once without, here and in a summary of another day"
cp "$T/log" "$T/before"
decrypt 04 >>"$T/log"
suggested
decrypt 04 >"$T/log"
collect
mv "$T/u" "$T/u1"
cp "$T/before" "$T/log"
collect
grep -o '"e":"Decrypt".*"m":"[a-z]*"' "$T/u" "$T/u1" | sed 's/.*"m"/"m"/'
verdict usage merge -q "$T/u" "$T/u1" -o "$T/both" && mv "$T/both" "$T/u"
grep -o '"e":"Decrypt".*"m":"[a-z]*"' "$T/u" | sed 's/.*"m"/"m"/'
format=json size --accept-assumed --suggest-conditions --drop-unseen all --accept-unmapped | grep -c EncryptionContext
echo "--- a summary that was made before anybody wrote down whether all had one"
collect
sed -i 's/,"m":"nc"/,"m":"n"/; /^#end/d' "$T/u"
{ cat "$T/u"; echo "#end sha256:$(sha256sum <"$T/u" | cut -d' ' -f1)"; } >"$T/old"
mv "$T/old" "$T/u"
format=json size --accept-assumed --suggest-conditions --drop-unseen all --accept-unmapped | grep -c EncryptionContext
echo "--- to encrypt anew: under one, under two"
policy '{"Sid":"K","Effect":"Allow","Action":["kms:ReEncryptFrom","kms:ReEncryptTo"],"Resource":"arn:aws:kms:eu-west-1:111111111111:key/*"}'
again() {
    event kms ReEncrypt 02 "\"requestParameters\":{\"sourceEncryptionContext\":{\"team\":\"a\"}$1},\"resources\":[{\"accountId\":\"111111111111\",\"type\":\"AWS::KMS::Key\",\"ARN\":\"arn:aws:kms:eu-west-1:111111111111:key/0a\"},{\"accountId\":\"111111111111\",\"type\":\"AWS::KMS::Key\",\"ARN\":\"arn:aws:kms:eu-west-1:111111111111:key/0b\"}]"
}
again >"$T/log"
suggested
again ',"destinationEncryptionContext":{"team":"b"}' >"$T/log"
suggested
