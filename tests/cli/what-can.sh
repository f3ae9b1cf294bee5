# What one principal of a snapshot can, what is in its way, and the same as one policy.
ask() {
    echo "--- $*"
    "$@" --now 2026-01-01T00:00:00Z --snapshot corpus/snapshots/acme --managed-policies corpus/snapshots/managed 2>"$T/err"
    code=$?
    grep "^verdict: error" "$T/err"
    echo "exit $code"
}
ask verdict what-can arn:aws:iam::222222222222:role/deploy --blocked
ask verdict what-can arn:aws:iam::333333333333:user/interns/ivy
ask verdict what-can arn:aws:iam::333333333333:user/dana --service iam --blocked
ask verdict what-can arn:aws:iam::333333333333:role/sandbox --service sqs --level write
ask verdict what-can arn:aws:iam::222222222222:role/app-orders -v
ask verdict what-can arn:aws:iam::222222222222:role/app-orders -f policy
ask verdict what-can arn:aws:sts::222222222222:assumed-role/data-reader/me --resource 'arn:aws:s3:::acme-data/*' -f json
ask verdict what-can arn:aws:iam::111111111111:root --service support --level read
exec 2>&1
ask verdict what-can
ask verdict what-can alice
ask verdict what-can arn:aws:iam::333333333333:user/dano
ask verdict what-can arn:aws:iam::333333333333:user/dana --service s4
ask verdict what-can arn:aws:iam::333333333333:user/dana --level much
ask verdict what-can arn:aws:iam::333333333333:user/dana --resource bucket
verdict what-can arn:aws:iam::333333333333:user/dana
exit 0
