# A bundle of a snapshot answers as the snapshot does: documents, tags, organizations, settings of resources, who there is.
c=corpus/snapshots
sed 's/^{"name": "[^"]*", "request": \(.*\), "expect": .*$/\1/' $c/expect/eval.jsonl >"$T/questions"
# Every principal, and sessions of every role, with what there is to ask for.
for account in 111111111111 222222222222 333333333333; do
    echo "arn:aws:iam::$account:root"
    sed -n 's|.*"Arn": "\(arn:aws:iam::[0-9]*:[ur][a-z]*/[^"]*\)".*|\1|p' $c/acme/accounts/$account/authorization-details.json
    sed -n 's|.*"Arn": "arn:aws:iam::\([0-9]*\):role/\([^"]*/\)*\([^"/]*\)".*|arn:aws:sts::\1:assumed-role/\3/me|p' \
        $c/acme/accounts/$account/authorization-details.json
done | sort -u >"$T/principals"
cat >"$T/asked" <<'END'
s3:GetObject arn:aws:s3:::acme-data/shared/x
s3:GetObject arn:aws:s3:::acme-data/data/x
s3:PutObject arn:aws:s3:::acme-orders/x
s3:ListBucket arn:aws:s3:::acme-dev-scratch
s3:GetObject arn:aws:s3:::acme-www/index.html
s3:GetObject arn:aws:s3:::somebody-elses/x
kms:Decrypt arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab
kms:Decrypt arn:aws:kms:eu-central-1:333333333333:key/abcd1234-ab12-cd34-ef56-abcdef123456
sqs:SendMessage arn:aws:sqs:eu-central-1:222222222222:acme-jobs
sns:Publish arn:aws:sns:eu-central-1:222222222222:acme-events
sts:AssumeRole arn:aws:iam::222222222222:role/data-reader
sts:AssumeRole arn:aws:iam::333333333333:role/sandbox
iam:PassRole arn:aws:iam::222222222222:role/app-orders
iam:CreateUser arn:aws:iam::333333333333:user/x
lambda:InvokeFunction arn:aws:lambda:eu-central-1:333333333333:function:hello
ssm:SendCommand arn:aws:ec2:eu-central-1:222222222222:instance/i-0123456789abcdef0
END
awk 'NR == FNR { who[n++] = $1; next }
    { for (i = 0; i < n; i++) for (k = 0; k < 2; k++)
        print "{\"principal\": \"" who[i] "\", \"action\": \"" $1 "\", \"resource\": \"" $2 "\", \"context\": {\"aws:RequestedRegion\": \"" \
            (k ? "us-east-1" : "eu-central-1") "\", \"aws:SecureTransport\": true}}" }' "$T/principals" "$T/asked" >>"$T/questions"
[ "$(wc -l <"$T/questions")" -gt 500 ] || echo "too few questions"
verdict compile -q --snapshot $c/acme --managed-policies $c/managed -o "$T/acme.vdb" 2>/dev/null
verdict compile -q --snapshot $c/acme --managed-policies $c/managed -o "$T/again.vdb" 2>/dev/null
cmp "$T/acme.vdb" "$T/again.vdb"
plain() { sed 's/, "notes": \[.*\]}$/}/'; }
verdict eval -q --snapshot $c/acme --managed-policies $c/managed --requests "$T/questions" 2>/dev/null | plain >"$T/whole"
verdict eval -q --bundle "$T/acme.vdb" --requests "$T/questions" 2>/dev/null | plain >"$T/bundled"
cmp "$T/whole" "$T/bundled" && echo "alike"
sort "$T/whole" | uniq | wc -l | awk '{ print ($1 > 50 ? "many" : "few") " different answers" }'
grep -c '"error"' "$T/whole"
# One by one, with what was said besides by a request.
q="--principal arn:aws:sts::222222222222:assumed-role/data-reader/me --action s3:GetObject --resource arn:aws:s3:::acme-data/data/x
   --context aws:RequestedRegion=eu-central-1 --context aws:SecureTransport=true"
verdict eval --bundle "$T/acme.vdb" $q
verdict eval --bundle "$T/acme.vdb" $q --context aws:PrincipalTag/team=orders
verdict explain --bundle "$T/acme.vdb" $q | head -n 3
verdict eval --bundle "$T/acme.vdb" --principal arn:aws:iam::222222222222:role/nobody --action s3:GetObject --resource arn:aws:s3:::acme-data/x 2>&1
echo "exit $?"
# What it grants is told of each principal, and of each policy of a resource; a diff goes through all of them.
verdict grants "$T/acme.vdb" --actions iam:PassRole,sts:AssumeRole --save-witness "$T/saved" | grep -v "^  "
verdict test "$T/saved" | tail -n 1
verdict grants "$T/acme.vdb" --actions iam:PassRole --principal arn:aws:iam::333333333333:user/bob | head -n 1
verdict grants "$T/acme.vdb" --actions iam:PassRole --principal arn:aws:iam::333333333333:user/nobody
verdict grants "$T/acme.vdb" --actions sqs:SendMessage -f json >"$T/json"
schema-check docs/schema/grants.json "$T/json"
grep -c '"of": "resource"' "$T/json"
cp -r $c/acme "$T/new"
sed -i 's|role/lambda-\*"|role/*"|' "$T/new/accounts/333333333333/authorization-details.json"
sed -i 's|"UserName": "owner"|"UserName": "other"|; s|user/owner"|user/other"|' "$T/new/accounts/111111111111/authorization-details.json"
verdict compile -q --snapshot "$T/new" --managed-policies $c/managed -o "$T/new.vdb" 2>/dev/null
verdict diff "$T/acme.vdb" "$T/acme.vdb"
verdict diff "$T/acme.vdb" "$T/new.vdb" --save-witness "$T/differs" | sed -n '/^arn/p'
verdict test "$T/differs" | tail -n 1
verdict diff "$T/acme.vdb" "$T/new.vdb" --reverse | sed -n '/^arn/p'
verdict diff $c/acme "$T/new" --reverse 2>/dev/null | sed -n '/^arn/p'
verdict equivalent "$T/acme.vdb" "$T/new.vdb" -q
verdict diff "$T/acme.vdb" "$T/new.vdb" --principal arn:aws:iam::333333333333:user/dana | head -n 1
verdict diff "$T/acme.vdb" "$T/new.vdb" --jobs 1 -f json >"$T/one"
verdict diff "$T/acme.vdb" "$T/new.vdb" --jobs 8 -f json | cmp - "$T/one"
# Without the texts of policies it decides alike.
verdict compile -q --strip --snapshot $c/acme --managed-policies $c/managed -o "$T/strip.vdb" 2>/dev/null
verdict eval -q --bundle "$T/strip.vdb" --requests "$T/questions" 2>/dev/null | plain | sed 's/"at": "[^"]*"/"at": null/' >"$T/stripped"
sed 's/"at": "[^"]*"/"at": null/' "$T/whole" | cmp - "$T/stripped" && echo "alike"
# A bundle of before.
printf '\2' | dd of="$T/acme.vdb" bs=1 seek=8 conv=notrunc 2>/dev/null
verdict eval --bundle "$T/acme.vdb" $q 2>&1 | sed "s|$T/||"
