resource "aws_sqs_queue_policy" "main" {
  policy = var.policy
}
