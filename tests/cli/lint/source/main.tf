# verdict: ignore unknown-action -- it is gone soon
resource "aws_iam_policy" "before" {
  name   = "before"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObjcet", Resource = "*" }] })
}

resource "aws_iam_policy" "behind" { # verdict: ignore unknown-action -- of the whole block
  name   = "behind"
  policy = file("behind.json")
}

resource "aws_iam_policy" "inside" {
  name = "inside"
  policy = jsonencode({
    Statement = [
      # verdict: ignore unknown-action -- twice in the statement that follows
      {
        Effect   = "Allow"
        Action   = ["s3:GetObjcet", "s3:GetObjcet"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "s3:PutObjcet"
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "s3:ListBukcet" # verdict: ignore unknown-action -- of this line
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "both" {
  name = "both"
  policy = jsonencode({
    Statement = [
      # verdict: ignore unknown-action -- the other statement has it too: this says not which one
      { Effect = "Allow", Action = "s3:GetObjcet", Resource = "*" },
      { Effect = "Deny", Action = "s3:GetObjcet", Resource = "*" },
    ]
  })
}

# verdict: ignore unknown-action -- the plan leaves it alone
resource "aws_iam_policy" "elsewhere" {
  name   = "elsewhere"
  policy = file("elsewhere.json")
}
