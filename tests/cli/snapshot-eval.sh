# One question at a time to a snapshot: what is told with the answer, who is unknown, what may be mixed.
c=corpus/snapshots
ask="--action s3:GetObject --resource arn:aws:s3:::acme-dev-scratch/x --context aws:RequestedRegion=eu-central-1"
say() {
    echo "== $*"
}
say allowed by a group
verdict eval -q --snapshot $c/acme --principal arn:aws:iam::333333333333:user/dana $ask
say nobody of that name
verdict eval -q --snapshot $c/acme --principal arn:aws:iam::333333333333:user/dan $ask
echo $?
verdict eval -q --snapshot $c/acme --principal arn:aws:sts::333333333333:assumed-role/analist/x $ask
echo $?
say an account that nobody knows
verdict eval -q --snapshot $c/acme --principal arn:aws:iam::444455556666:user/zoe --action sqs:SendMessage \
    --resource arn:aws:sqs:eu-central-1:111111111111:vendor-feed
verdict eval -q --snapshot $c/acme --identity policies/guard-rails/full-access.json --principal arn:aws:iam::444455556666:user/zoe \
    --action sqs:SendMessage --resource arn:aws:sqs:eu-central-1:111111111111:vendor-feed
say a bucket that nobody knows
verdict eval -q --snapshot $c/acme --principal arn:aws:iam::333333333333:user/dana --action s3:GetObject \
    --resource arn:aws:s3:::elsewhere/x --context aws:RequestedRegion=eu-central-1
say a session policy beside it
echo '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}}' >"$T/session.json"
verdict eval -q --snapshot $c/acme --session "$T/session.json" --principal arn:aws:sts::222222222222:assumed-role/data-reader/x \
    --action s3:GetObject --resource arn:aws:s3:::acme-data/data/x --context aws:RequestedRegion=eu-central-1
say a boundary that is not there
verdict eval -q --snapshot $c/broken/missing-boundary --principal arn:aws:iam::333333333333:user/ann --action s3:GetObject \
    --resource arn:aws:s3:::b/x --resource-account 333333333333 -f json
say another one, to whom that does not matter
verdict eval -q --snapshot $c/broken/missing-boundary --principal arn:aws:iam::333333333333:root --action s3:GetObject \
    --resource arn:aws:s3:::b/x --resource-account 333333333333
say two resources, of one owner and of two
verdict eval -q --snapshot $c/acme --principal arn:aws:iam::333333333333:user/dana $ask --resource arn:aws:s3:::acme-dev-scratch/y
verdict eval -q --snapshot $c/acme --principal arn:aws:iam::333333333333:user/dana $ask --resource arn:aws:s3:::acme-orders/y
echo $?
say half a file
verdict eval -q --snapshot $c/broken/half-written --principal arn:aws:iam::333333333333:user/ann $ask
echo $?
say nonsense
mkdir "$T/empty"
verdict eval --snapshot "$T/empty" --principal arn:aws:iam::333333333333:user/ann $ask
verdict eval --snapshot nowhere --principal arn:aws:iam::333333333333:user/ann $ask
verdict eval --snapshot $c/acme --bundle x.vdb $ask
verdict eval --managed-policies $c/managed --principal arn:aws:iam::333333333333:user/ann $ask
verdict compile --managed-policies $c/managed -o "$T/x.vdb"
exit 0
