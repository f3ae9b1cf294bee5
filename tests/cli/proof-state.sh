# What is known of a resource decides in diff, equivalent and grants as it does in eval: ACLs, Block Public Access, grants of a
# key, owners of objects; the management account, a gateway endpoint.
now="--now 2026-01-01T00:00:00Z"
ask() {
    echo "--- $*"
    "$@" $now >"$T/out" && code=0 || code=$?
    sed -e "s#$T/##g" -e '/^  *e[.]g[.] /d' -e '/^           /d' "$T/out"
    echo "exit $code"
}
s3() { # NAME STATE
    cat >"$T/$1.json" <<END
{"request": {"principal": "anonymous", "action": "s3:GetObject", "resource": "arn:aws:s3:::www/a", "resourceAccount": "111122223333"},
 "policies": {"resource": {"name": "bucket", "document": {"Version": "2012-10-17", "Statement": [
   {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::www/*"}]}}},
 "resourceState": $2}
END
}
s3 open '{}'
s3 restricted '{"blockPublicAccess": {"RestrictPublicBuckets": true}}'
s3 acl '{"objectOwnership": "ObjectWriter", "acl": {"Grants": [{"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "WRITE"}]}}'
s3 ignored '{"objectOwnership": "ObjectWriter", "blockPublicAccess": {"IgnorePublicAcls": true}, "acl": {"Grants": [{"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "WRITE"}]}}'
s3 writer '{"objectOwnership": "ObjectWriter", "objectOwner": "444455556666"}'
ask verdict diff "$T/restricted.json" "$T/open.json"
ask verdict diff "$T/open.json" "$T/restricted.json" -q
ask verdict diff "$T/open.json" "$T/acl.json" --save-witness "$T/saved"
verdict test "$T/saved" | tail -1
ask verdict equivalent "$T/open.json" "$T/ignored.json" -q
ask verdict grants "$T/acl.json" --actions s3:PutObject
ask verdict grants "$T/ignored.json" --actions s3:PutObject
ask verdict grants "$T/restricted.json" --actions s3:GetObject
ask verdict grants "$T/writer.json" --actions s3:GetObject
ask verdict diff "$T/writer.json" "$T/open.json" -q
sed 's/, "resourceAccount": "111122223333"//' "$T/writer.json" >"$T/whose.json"
ask verdict grants "$T/whose.json" --actions s3:GetObject
ask verdict grants "$T/whose.json" --actions s3:GetObject --resource-account 111122223333 -q
cat >"$T/upload.json" <<'END'
{"request": {"principal": "arn:aws:iam::111122223333:user/u", "action": "s3:PutObject", "resource": "arn:aws:s3:::www/a"},
 "policies": {"identity": [{"name": "uploader", "document": {"Version": "2012-10-17", "Statement": [
   {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::www/*", "Condition": {"StringEquals": {"s3:x-amz-acl": "public-read"}}}]}}]},
 "resourceState": {"blockPublicAccess": {"BlockPublicAcls": true}}}
END
ask verdict grants "$T/upload.json" --actions s3:PutObject
sed 's/"BlockPublicAcls": true/"BlockPublicAcls": false/' "$T/upload.json" >"$T/upload-open.json"
ask verdict diff "$T/upload.json" "$T/upload-open.json"
echo "-- a key"
key() { # NAME GRANTS
    cat >"$T/$1.json" <<END
{"request": {"principal": "arn:aws:iam::444455556666:role/r", "action": "kms:Decrypt", "resource": "arn:aws:kms:us-east-1:111122223333:key/k"},
 "policies": {"resource": {"name": "key", "document": {"Version": "2012-10-17", "Statement": [
   {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}]}}},
 "resourceState": {"grants": [$2]}}
END
}
key none ''
key granted '{"GranteePrincipal": "arn:aws:iam::444455556666:role/r", "Operations": ["Decrypt"]}'
key narrow '{"GranteePrincipal": "arn:aws:iam::444455556666:role/r", "Operations": ["Decrypt"], "Constraints": {"EncryptionContextSubset": {"app": "x"}}}'
ask verdict diff "$T/none.json" "$T/granted.json"
ask verdict equivalent "$T/granted.json" "$T/narrow.json" -q
ask verdict diff "$T/narrow.json" "$T/none.json" -q
echo "-- who is not bound, which way it goes"
cat >"$T/member.json" <<'END'
{"request": {"principal": {"arn": "arn:aws:iam::111122223333:user/u"}, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/a"},
 "policies": {"identity": [{"name": "all", "document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}],
  "scp": [{"target": "r-root", "policies": [{"name": "deny", "document": {"Version": "2012-10-17", "Statement": [
     {"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}]}}]}]}}
END
sed 's#user/u"}#user/u", "managementAccount": true}#' "$T/member.json" >"$T/management.json"
ask verdict grants "$T/member.json" --actions s3:DeleteObject
ask verdict grants "$T/management.json" --actions s3:DeleteObject --save-witness "$T/saved-2"
verdict test "$T/saved-2" | tail -1
ask verdict diff "$T/member.json" "$T/management.json"
cat >"$T/interface.json" <<'END'
{"request": {"principal": "arn:aws:iam::111122223333:user/u", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/a", "endpointType": "interface"},
 "policies": {"identity": [{"name": "all", "document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}}],
  "endpoint": {"name": "endpoint", "document": {"Version": "2012-10-17", "Statement": [
     {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/u"}, "Action": "*", "Resource": "*"}]}}}}
END
sed 's/"interface"/"gateway"/' "$T/interface.json" >"$T/gateway.json"
sed 's/"Principal": {/"NotPrincipal": {/; s/"Effect": "Allow", "NotP/"Effect": "Deny", "NotP/' "$T/gateway.json" >"$T/not.json"
ask verdict grants "$T/interface.json" --actions s3:GetObject
ask verdict grants "$T/gateway.json" --actions s3:GetObject
ask verdict grants "$T/not.json" --actions s3:GetObject
