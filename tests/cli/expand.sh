# Lists, pipes and policies, there and back.
verdict expand 's3:Get*Acl' sqs:Send* SQS:sendmessage s3:GetObjcet
verdict expand -f json 'sqs:*Queues'
verdict expand 's3:Get*' | verdict shrink -
verdict shrink -f json s3:getobject s3:getobjectacl 'sqs:*'
printf '["sqs:TagQueue",\n"sqs:UntagQueue"]' | verdict expand -
cat >"$T/p.json" <<'P'
{
    "Version": "2012-10-17",
    "Statement": [
        { "Effect": "Allow", "Action": "sqs:*Queues", "Resource": "*" },
        {
            "Effect": "Deny",
            "NotAction": [
                "sqs:Tag*",
                "new:Thing*"
            ],
            "Resource": "*"
        },
        { "Effect": "Allow", "Action": ["sqs:sendmessage", "sqs:SendMessage"], "Resource": "*" }
    ]
}
P
verdict expand "$T/p.json" | tee "$T/long.json"
verdict shrink "$T/long.json"
printf '{"Statement":{"Action":"sqs:*Queues"}}' | verdict expand -
echo
for p in iam:* 'ec2:Describe*' '*:*Tag*' '*' 's3:*Bucket*'; do
    verdict expand "$p" >"$T/all"
    verdict shrink - <"$T/all" >"$T/few"
    verdict expand "$T/few" | cmp - "$T/all"
done
echo '{"Version": "2012-10-17"}' | verdict expand -
echo '[1]' | verdict shrink -
verdict expand "$T/p.json" s3:GetObject
verdict expand -f json "$T/p.json"
verdict shrink
