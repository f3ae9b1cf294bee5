# Which files are linted; the same bytes whatever the number of threads.
cd "$T" || exit 3
mkdir -p .git tree/node_modules/x tree/.terraform tree/cdk.out/asset.1 tree/deep
policy='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}'
for file in tree/a.json tree/b.template tree/node_modules/x/a.json tree/.terraform/a.json tree/cdk.out/asset.1/a.json \
    tree/cdk.out/app.template.json tree/deep/a.yaml tree/deep/a.txt; do
    echo "$policy" >"$file"
done
echo '{"name": "no policy"}' >tree/package.json
verdict lint -q --select pass-role-star tree
echo "exit $?"
for i in 1 2 3 4 5 6 7 8 9; do cp tree/a.json tree/deep/$i.json; done
verdict lint --format json --jobs 1 tree >one
verdict lint --format json --jobs 8 tree >eight
cmp one eight && echo same
echo "-- standard input"
echo "$policy" | verdict lint -q --select pass-role-star -
echo "$policy" | verdict lint -q --select pass-role-star --stdin-name guard.scp.json -
echo "exit $?"
echo "-- nothing in it"
verdict lint -q tree/package.json
echo "exit $?"
verdict lint -q --allow-empty tree/package.json
echo "exit $?"
mkdir empty
verdict lint -q empty
echo "exit $?"
echo "-- not there"
verdict lint -q tree/gone.json tree/a.json --select pass-role-star
echo "exit $?"
echo "-- which findings"
verdict lint -q --select pass-role-star --fail-on error tree/a.json
echo "exit $?"
verdict lint -q --select pass-role-star --rule pass-role-star=suggestion --min-severity warning tree/a.json
echo "exit $?"
# Terraform's configuration is no place to look for policies
mkdir -p "$T/tf" && echo 'resource "aws_iam_policy" "p" {}' >"$T/tf/main.tf"
(cd "$T" && verdict lint --no-config tf; verdict lint --no-config tf/main.tf; verdict grants tf --actions s3:GetObject)
