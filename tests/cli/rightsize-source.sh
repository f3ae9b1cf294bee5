# One policy in every form that a repository may hold it in: with comments, tabs, CRLF, without an end of the last line, in a module.
# git takes the diff, and the policy as it is then needs no change any more.
acme=corpus/snapshots/acme
role=arn:aws:iam::222222222222:role/deploy
repo=$T/repo
verdict usage collect -q corpus/trails/month -o "$T/u"
git init -q "$repo"
mkdir -p "$repo/modules/ci/iam"
cat >"$repo/modules/ci/iam/document.tf" <<'END'
data "aws_iam_policy_document" "deploy" {
  # the pipeline
  statement {
    sid    = "Deploy"
    effect = "Allow" # always
    actions = [
      # code
      "lambda:UpdateFunctionCode", # new versions
      "lambda:UpdateFunctionConfiguration",
      "lambda:CreateFunction",
      # stacks
      "cloudformation:*",
      "iam:CreateRole",
      "iam:PassRole", # of the stacks
    ]
    resources = ["*"]
  }
}

# another one, of nobody
data "aws_iam_policy_document" "other" {
  source_policy_documents = [data.aws_iam_policy_document.deploy.json]
  statement {
    actions   = ["s3:*"]
    resources = [var.all, "${aws_s3_bucket.b.arn}/*"]
  }
}
END
cat >"$repo/encoded.tf" <<'END'
resource "aws_iam_role_policy" "deploy" {
	role   = aws_iam_role.deploy.id
	policy = jsonencode({
		Version   = "2012-10-17"
		Statement = [{
			Sid    = "Deploy", Effect = "Allow"
			Action = [
				"lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration",
				"lambda:CreateFunction", // once
				"cloudformation:*", /* stacks */
				"iam:CreateRole", "iam:PassRole"
			]
			Resource = local.everything
		}]
	})
}
END
printf '%s' 'locals {
  deploy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Deploy",
          "Effect": "Allow",
          "Action": ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:CreateFunction", "cloudformation:*", "iam:CreateRole", "iam:PassRole"],
          "Resource": "${var.everything}"
        }
      ]
    }
  POLICY
}' >"$repo/lines.tf"
cat >"$repo/template.yaml" <<'END'
Resources:
  Deploy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: # by hand
        Version: "2012-10-17"
        Statement:
        - Sid: Deploy
          Effect: Allow
          Action:
          - lambda:UpdateFunctionCode # new versions
          # stacks
          - lambda:UpdateFunctionConfiguration
          - lambda:CreateFunction
          - cloudformation:* # all
          - iam:CreateRole
          - iam:PassRole
          Resource: "*" # for now
Outputs: {}
END
cat >"$repo/template.json" <<'END'
{
	"Resources": {
		"Deploy": {
			"Type": "AWS::IAM::ManagedPolicy",
			"Properties": {
				"PolicyDocument": {
					"Version": "2012-10-17",
					"Statement": [
						{
							"Sid": "Deploy",
							"Effect": "Allow",
							"Action": ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:CreateFunction", "cloudformation:*", "iam:CreateRole", "iam:PassRole"],
							"Resource": {"Ref": "Everything"}
						}
					]
				}
			}
		}
	}
}
END
sed 's/$/\r/' "$repo/template.yaml" >"$repo/crlf.yaml"
sed 's/$/\r/' "$repo/modules/ci/iam/document.tf" >"$repo/crlf.tf"
git -C "$repo" add . && git -C "$repo" -c core.autocrlf=false -c user.name=t -c user.email=t@t commit -qm all
size() {
    verdict rightsize "$role" --usage "$T/u" --snapshot $acme --mode strict "$@"
}
size -q -f policy >"$T/new.json"
for f in modules/ci/iam/document.tf encoded.tf lines.tf template.yaml template.json crlf.yaml crlf.tf; do
    echo "== $f"
    size -f "diff=$T/diff" --source "$repo/$f" 2>&1 | grep -v 'not whole'
    (cd "$repo" && git apply "$T/diff" && git diff -U1 "$f" | tr '\r' '~' | sed 1,2d)
    # what it is now is found again, and nothing is left to do
    verdict rightsize "$T/new.json" --principal "$role" --usage "$T/u" --mode strict -q -f diff --source "$repo/$f"
    echo "exit $?"
done
echo "== a template by itself"
verdict rightsize "$repo/template.yaml" --principal "$role" --usage "$T/u" --mode strict -q -f diff
echo "exit $?"
# a plan is told, and left alone
cat >"$repo/plan.json" <<'END'
{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {}}, "configuration": {"root_module": {}},
 "resource_changes": [{"address": "module.ci.aws_iam_role_policy.deploy", "module_address": "module.ci", "mode": "managed", "type": "aws_iam_role_policy",
   "name": "deploy", "provider_name": "registry.terraform.io/hashicorp/aws", "change": {"actions": ["create"], "before": null,
   "after": {"name": "deploy", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Deploy\",\"Effect\":\"Allow\",\"Action\":[\"lambda:UpdateFunctionCode\",\"lambda:UpdateFunctionConfiguration\",\"lambda:CreateFunction\",\"cloudformation:*\",\"iam:CreateRole\",\"iam:PassRole\"],\"Resource\":\"*\"}]}"},
   "after_unknown": {}, "before_sensitive": false, "after_sensitive": {}}}]}
END
size -f diff --source "$repo/plan.json" 2>&1 | grep -v 'not whole'
size -q -f sarif --source "$repo/plan.json" | grep '"text": "policy'
