# What people look up, and what they hear when there is no such thing.
verdict catalog 's3:Get*Acl'
echo
verdict catalog s3:GetObject
echo
verdict catalog sqs | head -8
echo
verdict catalog aws:SourceVpce s3:bucket
echo
verdict catalog aws:ResourceTag/team
echo
verdict catalog GetObject
echo
verdict catalog --level P --resource 'arn:aws:s3:::b/*'
echo
verdict catalog --key aws:TagKeys --level tagging sqs sns
echo
verdict catalog --resource '*' --level list,read sqs
echo
verdict catalog find iam:PassRole
for q in s3:GetObjcet sqss aws:SourceVpc2 nope:Get 'arn:aws:nope:::x' account:GetChallengeQuestions 'sqs:Nothing*'; do
    verdict catalog "$q"
    echo "exit $?"
done
verdict catalog --key aws:SourceIp
verdict catalog --level maximum sqs
verdict catalog --resource bucket sqs
verdict catalog
verdict catalog status | grep -v digest | grep -v size | sed 's/, [0-9]* tables/, tables/'
exit 0
