# Policies of resources that have several, that are on an Outpost, that are behind an access point; attributes that share.
# Each bears on who-can and what-can as it does on eval.
a="$T/snap/accounts/111122223333/eu-central-1"
mkdir -p "$a/ses" "$a/s3-outposts" "$a/s3/access-points" "$a/ec2/snapshot-attributes" "$T/snap/accounts/111122223333/global/s3/held" \
    "$T/snap/accounts/444455556666"
statement() { # statement PRINCIPAL ACTION RESOURCE: a policy as a string in JSON
    printf '"{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Principal\\":{\\"AWS\\":\\"%s\\"},\\"Action\\":\\"%s\\",\\"Resource\\":\\"%s\\"}]}"' "$@"
}
user() { # user ACCOUNT NAME ACTIONS
    printf '{"UserName": "%s", "Path": "/", "UserId": "AIDAEXAMPLE0%s", "Arn": "arn:aws:iam::%s:user/%s", "GroupList": [], "AttachedManagedPolicies": []' "$2" "$1" "$1" "$2"
    [ -z "${3:-}" ] || printf ', "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": %s, "Resource": "*"}]}}]' "$3"
    printf '}'
}
details() { # details USER,...
    printf '{"UserDetailList": [%s], "GroupDetailList": [], "RoleDetailList": [], "Policies": [], "IsTruncated": false}\n' "$1"
}
details "$(user 111122223333 ann), $(user 111122223333 bob)" >"$T/snap/accounts/111122223333/authorization-details.json"
details "$(user 444455556666 far '["ses:*", "ec2:*", "s3:*", "s3-outposts:*"]')" >"$T/snap/accounts/444455556666/authorization-details.json"
echo '{"format": 1, "complete": ["iam", "s3", "ses", "ec2", "s3-outposts"]}' >"$T/snap/manifest.json"
me=arn:aws:iam::111122223333:user/ann
bob=arn:aws:iam::111122223333:user/bob
mail=arn:aws:ses:eu-central-1:111122223333:identity/example.com
printf '{"Policies": {"one": %s, "two": %s}}\n' "$(statement $me ses:SendEmail $mail)" "$(statement 444455556666 ses:SendRawEmail $mail)" >"$a/ses/example.com.json"
shelf=arn:aws:s3-outposts:eu-central-1:111122223333:outpost/op-01/bucket/shelf
printf '{"Policy": %s}\n' "$(statement $me s3-outposts:GetObject $shelf/object/\*)" >"$a/s3-outposts/op-01%2Fbucket%2Fshelf.json"
echo '{"SnapshotId": "snap-0123456789abcdef0", "CreateVolumePermissions": [{"UserId": "444455556666"}]}' >"$a/ec2/snapshot-attributes/snap-0123456789abcdef0.json"
echo '{"Buckets": [{"Name": "held"}]}' >"$T/snap/accounts/111122223333/global/s3/buckets.json"
echo '{"AccessPointList": [{"Name": "door", "Bucket": "held", "AccessPointArn": "arn:aws:s3:eu-central-1:111122223333:accesspoint/door"}]}' >"$a/s3/access-points.json"
door=arn:aws:s3:eu-central-1:111122223333:accesspoint/door
printf '{"Policy": %s}\n' "$(statement $me s3:GetObject $door/object/\*)" >"$a/s3/access-points/door.json"
ask() {
    echo "--- $*"
    verdict "$@" --snapshot "$T/snap" --now 2026-01-01T00:00:00Z 2>"$T/err" | grep -E '^(always|conditional|nobody|allow|deny|arn)|^ +(on|by resource)|can do'
    grep -E "self-check|verdict: error" "$T/err"
}
ask who-can ses:SendEmail $mail
ask who-can ses:SendRawEmail $mail
ask who-can s3-outposts:GetObject "$shelf/object/a"
ask who-can ec2:CreateVolume arn:aws:ec2:eu-central-1::snapshot/snap-0123456789abcdef0
# The bucket behind the access point lets in nobody.
ask who-can s3:GetObject "$door/object/a"
ask eval --principal $me --action s3:GetObject --resource "$door/object/a"
cat >"$T/snap/accounts/111122223333/global/s3/held/policy.json" <<END
{"Policy": "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Effect\\":\\"Allow\\",\\"Principal\\":{\\"AWS\\":[\\"$me\\",\\"$bob\\"]},\\"Action\\":\\"s3:GetObject\\",\\"Resource\\":\\"*\\"}]}"}
END
ask who-can s3:GetObject "$door/object/a"
ask eval --principal $me --action s3:GetObject --resource "$door/object/a"
ask eval --principal $bob --action s3:GetObject --resource "$door/object/a"
ask what-can $me
ask what-can arn:aws:iam::444455556666:user/far
