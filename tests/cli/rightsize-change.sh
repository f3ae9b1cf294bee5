# The file that a policy is kept in becomes smaller: git takes the diff, and the rest of the file stays as it was.
acme=corpus/snapshots/acme
verdict usage collect -q corpus/trails/month -o "$T/u"
git init -q "$T/repo"
mkdir "$T/repo/iam"
cat >"$T/repo/iam/deploy policy.json" <<'END'
{
    // what the pipeline may do
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Deploy",
            "Effect": "Allow",
            "Action": [
                "lambda:UpdateFunctionCode", // new versions
                "lambda:UpdateFunctionConfiguration", "lambda:CreateFunction",
                "cloudformation:*",
                "iam:CreateRole", // once
                "iam:PassRole"
            ],
            "Resource": "*"
        }
    ]
}
END
cat >"$T/repo/iam/t.yaml" <<'END'
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies:
        - PolicyName: deploy # by hand
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Sid: Deploy
                Effect: Allow
                Action:
                  - lambda:UpdateFunctionCode
                  - lambda:UpdateFunctionConfiguration
                  - lambda:CreateFunction
                  - cloudformation:* # all of it
                  - iam:CreateRole
                  - iam:PassRole
                Resource: '*'
END
cat >"$T/repo/iam/main.tf" <<'END'
resource "aws_iam_role_policy" "deploy" {
  role = aws_iam_role.deploy.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Deploy"
      Effect   = "Allow"
      Action   = ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:CreateFunction", "cloudformation:*", "iam:CreateRole", "iam:PassRole"]
      Resource = "*" # for now
    }]
  })
}
END
printf '{"PolicyName": "deploy", "PolicyDocument": "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"Sid\\":\\"Deploy\\",\\"Effect\\":\\"Allow\\",\\"Action\\":[\\"lambda:UpdateFunctionCode\\",\\"lambda:UpdateFunctionConfiguration\\",\\"lambda:CreateFunction\\",\\"cloudformation:*\\",\\"iam:CreateRole\\",\\"iam:PassRole\\"],\\"Resource\\":\\"*\\"}]}"}\n' >"$T/repo/text.json"
ask() {
    echo "\$ $*"
    "$@" >"$T/out" 2>&1
    code=$?
    grep -v 'things are not whole' "$T/out"
    echo "exit $code"
}
size() {
    ask verdict rightsize arn:aws:iam::222222222222:role/deploy --usage "$T/u" --snapshot $acme --mode strict "$@"
}
size -f diff --source "$T/repo/iam/deploy policy.json"
size -f diff --source "$T/repo/iam/t.yaml"
size -f diff --source "$T/repo/iam/main.tf"
for f in "deploy policy.json" t.yaml main.tf; do
    verdict rightsize arn:aws:iam::222222222222:role/deploy --usage "$T/u" --snapshot $acme --mode strict -f diff --source "$T/repo/iam/$f" 2>/dev/null >"$T/diff"
    (cd "$T/repo" && git apply --check "$T/diff" && git apply "$T/diff" && echo "git takes it: $f")
done
# there it is smaller already, and nowhere else
size -f diff --source "$T/repo/iam/main.tf"
size -f json-patch --source "$T/repo/text.json"
git -C "$T/repo" init -q
size -f sarif --source "$T/repo/text.json" | sed -n '/"results"/,$p'
# nonsense
size -f diff
size -f text --source "$T/repo/text.json"
size -f diff --source "$T/none.json"
ask verdict rightsize - --principal arn:aws:iam::222222222222:role/deploy --usage "$T/u" -f diff </dev/null
