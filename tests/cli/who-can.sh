# Every principal of a snapshot that can, and nobody else; what makes no sense.
ask() {
    echo "--- $*"
    "$@" --now 2026-01-01T00:00:00Z --snapshot corpus/snapshots/acme --managed-policies corpus/snapshots/managed 2>"$T/err"
    code=$?
    grep "^verdict: error" "$T/err"
    echo "exit $code"
}
key=arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab
ask verdict who-can s3:GetObject arn:aws:s3:::acme-data/data/report.csv
ask verdict who-can kms:Decrypt $key -f csv
ask verdict who-can iam:CreateUser 'arn:aws:iam::333333333333:user/*'
ask verdict who-can 'iam:Put*Policy' 'arn:aws:iam::333333333333:*' --exclude @admin
ask verdict who-can s3:PutObject,s3:DeleteObject 'arn:aws:s3:::acme-dev-scratch/*' --all-of --exclude 'arn:aws:iam::*:role/*'
ask verdict who-can sqs:SendMessage '*' --exclude 'arn:aws:iam::*:r*' --assume aws:RequestedRegion=eu-central-1
ask verdict who-can s3:GetObject arn:aws:s3:::somebody-elses/x --exclude '*:role/*' -q
ask verdict who-can 'sts:AssumeRole*' arn:aws:iam::222222222222:role/deploy --jobs 4
ask verdict who-can s3:GetObject arn:aws:s3:::acme-data/shared/x --exclude '*' -f json
ask verdict who-can s3:Foo arn:aws:s3:::acme-orders/x --future-actions
ask verdict who-can kms:Decrypt $key --via
ask verdict who-can iam:PutUserPolicy 'arn:aws:iam::222222222222:user/*' --via --exclude '*:root' -f csv
ask verdict who-can iam:PutUserPolicy 'arn:aws:iam::222222222222:user/*' --via --exclude 'arn:aws:iam::1*' -f json
exec 2>&1
ask verdict who-can s3:GetObject '*' --via --all-of
ask verdict who-can
ask verdict who-can s3:GetObject
ask verdict who-can GetObject '*'
ask verdict who-can s3:GetObjcet '*'
ask verdict who-can s3:GetObject, '*'
ask verdict who-can s3:GetObject bucket
ask verdict who-can s3:GetObject '*' --exclude @admni
verdict who-can s3:GetObject '*'
verdict who-can s3:GetObject '*' --snapshot "$T/none"
exit 0
