// verdict: ignore a -- before the block
# something else

/* verdict: ignore b -- before it, too */
resource "aws_iam_policy" "one" { # verdict: ignore c -- behind the header
  # verdict: ignore d -- an argument
  name = "one"
  # verdict: ignore e -- an argument of several lines
  policy = jsonencode({
    Statement = [{ # verdict: ignore f -- its line
      # verdict: ignore g -- an element of a list
      Action = [
        "s3:GetObject", # verdict: ignore h -- its line
        # verdict: ignore i -- the next line
        "s3:PutObject",
        "s3:ListBucket"
        # verdict: ignore j -- nothing follows
      ]
    }]
  })

  # verdict: ignore k -- a heredoc
  description = <<-EOT
    # verdict: ignore l -- text
  EOT
  # verdict: ignore m -- nothing follows
}

data "aws_iam_policy_document" "two" {
  # verdict: ignore n -- a block
  statement {
    sid = "A # verdict: ignore o -- text"
  } # verdict: ignore p -- its line
  # verdict: ignore q -- never ends
  statement {
