# verdict: ignore-file policy-size-near -- generated
/* a comment with resource "aws_iam_policy" "writer" { */
resource "aws_iam_policy" "writer" {
  name   = "writer"
  policy = data.aws_iam_policy_document.writer.json
}

data "aws_iam_policy_document" "writer" {
  source_policy_documents = [data.aws_iam_policy_document.base.json, data.aws_iam_policy_document.extra.json]

  statement {
    sid     = "Own"
    # verdict: ignore missing-sid -- told apart by hand
    actions = ["s3:PutObject", "s3:PutObjcetAcl"]
    resources = [
      aws_s3_bucket.data.arn,
      "arn:aws:s3:::acme-data/&{aws:username}/*",
      "${aws_s3_bucket.data.arn}/${replace("a}b", "}", "\"")}/*",
    ]
    condition {
      test     = "StringEquals" // the first
      variable = "aws:PrincipalTag/name"
      values   = ["$${aws:username}"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceVpc"
      values   = [aws_vpc.main.id]
    }
  }
}

data "aws_iam_policy_document" "extra" {
  statement {
    sid       = "Extra"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.k.arn]
  }
}

resource "aws_iam_role" "shared" {
  assume_role_policy = <<-EOT
    {"Statement": [{"Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}
  EOT
  tags = { brace = "}" }
}

data "aws_iam_policy_document" "alone" {
  statement {
    actions = ["s3:List*"]
  }
}
