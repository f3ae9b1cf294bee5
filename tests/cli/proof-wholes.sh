# Scenarios and bundles as sides: all their policies, and what is known of the resource.
now="--now 2026-01-01T00:00:00Z"
ask() {
    echo "--- $*"
    "$@" $now
    echo "exit $?"
}
cat >"$T/blocked.json" <<'END'
{"request": {"principal": "anonymous", "action": "s3:GetObject", "resource": "arn:aws:s3:::www/a", "resourceAccount": "111122223333"},
 "policies": {"resource": {"name": "bucket", "document": {"Version": "2012-10-17", "Statement": [
   {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::www/*"}]}}},
 "resourceState": {"blockPublicAccess": {"RestrictPublicBuckets": true}}, "expect": "deny"}
END
sed 's/true}}/false}}/' "$T/blocked.json" >"$T/open.json"
ask verdict exposure "$T/blocked.json"
ask verdict exposure "$T/open.json" -q --save-witness "$T/saved"
verdict test "$T/saved" | tail -1
verdict compile policies/examples/team-data/dev.json -o "$T/old.vdb" -q
verdict compile policies/examples/change/dev.json -o "$T/new.vdb" -q
ask verdict equivalent "$T/old.vdb" "$T/new.vdb" -q
ask verdict diff "$T/new.vdb" "$T/old.vdb"
ask verdict grants "$T/old.vdb" --actions s3:PutObject
ask verdict grants policies/guard-rails/data-perimeter.test.yaml --actions s3:PutBucketPolicy -q
# one form, one set
ask verdict diff "$T/old.vdb" policies/examples/change/dev.json
ask verdict equivalent policies/people/require-mfa.test.yaml policies/people/require-mfa.test.yaml
ask verdict exposure "$T/old.vdb"
printf 'VDB' >"$T/broken.vdb"
ask verdict diff "$T/broken.vdb" "$T/new.vdb"
