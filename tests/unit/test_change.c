/* SPDX-License-Identifier: Apache-2.0
 *
 * A policy of a file becomes another one by edits of few bytes: as it should look in many layouts, and for random policies
 * in random layouts: git takes the diff, what is read from the file then is the new policy, the JSON Patch makes the same
 * of the document, and with what is restored nothing is missing.
 */
#include "failing_alloc.h"
#include "unit.h"

#include "base/buf.h"
#include "base/engine.h"
#include "extract/extract.h"
#include "policy/write.h"
#include "tighten/change_int.h"

#include <jansson.h>
#include <unistd.h>

static uint64_t seed;

static uint32_t draw(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static vd_engine *engine;

static int make_engine(void **state)
{
    (void)state;
    return vd_engine_new(&engine, NULL, NULL) != VD_OK;
}

static int drop_engine(void **state)
{
    (void)state;
    vd_engine_release(engine);
    return 0;
}

static vd_policy *parse(vd_str text)
{
    vd_error   err = { .size = sizeof err };
    vd_policy *p = NULL;

    if (vd_policy_parse(&p, engine, VD_KIND_IDENTITY, VD_S("policy"), text, NULL, &err) != VD_OK)
        fail_msg("%s: " VD_F, err.text, VD_A(text));
    return p;
}

/* ------------------------------------------------------------------ how it looks */

#define HOLE "\xee\x80\x80"
#define D "\"Effect\": \"Allow\""

static const struct {
    const char *what, *path, *file, *old, *now, *wanted, *review;
} cases[] = {
    { "an element goes, a comment stays", "p.json",
      "{\n  // deploys\n  \"Statement\": [{\n    " D ",\n    \"Action\": [\n      \"s3:GetObject\", // reads\n      \"s3:PutObject\"\n    ],\n"
      "    \"Resource\": \"*\"\n  }]\n}\n",
      "{\"Statement\":[{" D ",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"*\"}]}",
      "{\"Statement\":[{" D ",\"Action\":\"s3:PutObject\",\"Resource\":\"*\"}]}",
      "{\n  // deploys\n  \"Statement\": [{\n    " D ",\n    \"Action\": [\n      \"s3:PutObject\"\n    ],\n"
      "    \"Resource\": \"*\"\n  }]\n}\n", NULL },
    { "a name becomes a list", "p.json", "{\r\n\t\"Statement\": {\r\n\t\t" D ",\r\n\t\t\"Action\": \"s3:*\",\r\n\t\t\"Resource\": \"*\"\r\n\t}\r\n}",
      "{\"Statement\":{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"}}",
      "{\"Statement\":{" D ",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"arn:aws:s3:::b/*\"}}",
      "{\r\n\t\"Statement\": {\r\n\t\t" D ",\r\n\t\t\"Action\": [\r\n\t\t\t\"s3:GetObject\",\r\n\t\t\t\"s3:PutObject\"\r\n\t\t],\r\n\t\t"
      "\"Resource\": \"arn:aws:s3:::b/*\"\r\n\t}\r\n}", NULL },
    { "one line", "p.json", "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"},{" D ",\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}",
      "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"},{" D ",\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}",
      "{\"Statement\":[{" D ",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"*\"}]}",
      "{\"Statement\":[{" D ",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"*\"}]}", NULL },
    { "a statement is added", "p.json", "{\n  \"Statement\": [\n    {\n      " D ",\n      \"Action\": \"s3:*\",\n      \"Resource\": \"*\"\n    }\n  ]\n}\n",
      "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}",
      "{\"Statement\":[{" D ",\"Action\":\"s3:List*\",\"Resource\":\"*\"},{" D ",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}",
      "{\n  \"Statement\": [\n    {\n      " D ",\n      \"Action\": \"s3:List*\",\n      \"Resource\": \"*\"\n    },\n    {\n      " D ",\n"
      "      \"Action\": \"s3:GetObject\",\n      \"Resource\": \"arn:aws:s3:::b/*\"\n    }\n  ]\n}\n", NULL },
    { "a version and a negation", "p.json", "{\n  \"Version\": \"2008-10-17\",\n  \"Statement\": [{" D ", \"NotAction\": [\"iam:*\"], \"Resource\": \"*\"}]\n}\n",
      "{\"Version\":\"2008-10-17\",\"Statement\":[{" D ",\"NotAction\":[\"iam:*\"],\"Resource\":\"*\"}]}",
      "{\"Version\":\"2012-10-17\",\"Statement\":[{" D ",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}",
      "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{" D ", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]\n}\n", NULL },
    { "a template in YAML", "t.yaml",
      "Resources:\n  R: # ours\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n"
      "        Statement:\n          - Effect: Allow\n            Action:\n              - s3:GetObject # reads\n              - s3:PutObject\n"
      "              - s3:DeleteObject\n            Resource: !Sub arn:${AWS::Partition}:s3:::b/*\n"
      "          - Effect: Allow\n            Action: sqs:*\n            Resource: '*'\n",
      NULL, "{\"Version\":\"2012-10-17\",\"Statement\":[{" D ",\"Action\":[\"s3:GetObject\"],\"Resource\":\"arn:" HOLE ":s3:::b/*\"}]}",
      "Resources:\n  R: # ours\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n"
      "        Statement:\n          - Effect: Allow\n            Action:\n              - s3:GetObject # reads\n"
      "            Resource: !Sub arn:${AWS::Partition}:s3:::b/*\n", NULL },
    { "what a template says is not written anew", "t.yaml",
      "Resources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n"
      "          - {Effect: Allow, Action: 's3:*', Resource: !Sub 'arn:${AWS::Partition}:s3:::*'}\n",
      NULL, "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"arn:" HOLE ":s3:::b\"}]}", NULL,
      "what a function of the template says would have to be written in another place" },
    { "nor put into another place", "t.yaml",
      "Resources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n"
      "          - {Effect: Allow, Action: ['s3:*', 'sqs:*'], Resource: [!Sub 'arn:${AWS::Partition}:s3:::*', '*']}\n",
      NULL, "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"arn:" HOLE ":s3:::b\"},{" D ",\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}",
      NULL, "what a function of the template says would have to be written in another place" },
    { "but moved as it is", "t.yaml",
      "Resources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n"
      "          - {Effect: Allow, Action: ['s3:*', 'sqs:*'], Resource: ['*', !Sub 'arn:${AWS::Partition}:s3:::*']}\n",
      NULL, "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"},{" D ",\"Action\":\"sqs:*\",\"Resource\":\"arn:" HOLE ":s3:::*\"}]}",
      "Resources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n"
      "          - {Effect: Allow, Action: ['s3:*'], Resource: ['*']}\n"
      "          - {\"Effect\": \"Allow\", \"Action\": \"sqs:*\", \"Resource\": !Sub 'arn:${AWS::Partition}:s3:::*'}\n", NULL },
    { "jsonencode", "main.tf",
      "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ # ours\n    Version = \"2012-10-17\"\n    Statement = [\n      {\n"
      "        Effect   = \"Allow\"\n        Action   = [\"s3:GetObject\", \"s3:*\"] # both\n        Resource = \"arn:aws:s3:::$${aws:username}/*\"\n"
      "      },\n    ]\n  })\n}\n",
      "{\"Version\":\"2012-10-17\",\"Statement\":[{" D ",\"Action\":[\"s3:GetObject\",\"s3:*\"],\"Resource\":\"arn:aws:s3:::${aws:username}/*\"}]}",
      "{\"Version\":\"2012-10-17\",\"Statement\":[{" D ",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::${aws:username}/${*}\"}]}",
      "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ # ours\n    Version = \"2012-10-17\"\n    Statement = [\n      {\n"
      "        Effect   = \"Allow\"\n        Action   = [\"s3:GetObject\"] # both\n        Resource = \"arn:aws:s3:::$${aws:username}/$${*}\"\n"
      "      },\n    ]\n  })\n}\n", NULL },
    { "a heredoc", "main.tf",
      "locals {\n  policy = <<-EOT\n    {\n      \"Statement\": [\n        {" D ", \"Action\": \"s3:*\", \"Resource\": \"$${aws:username}\"},\n"
      "        {" D ", \"Action\": \"sqs:*\", \"Resource\": \"*\"}\n      ]\n    }\n  EOT\n}\n",
      "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"${aws:username}\"},{" D ",\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}",
      "{\"Statement\":[{" D ",\"Action\":\"s3:Get*\",\"Resource\":\"${aws:username}\"}]}",
      "locals {\n  policy = <<-EOT\n    {\n      \"Statement\": [\n        {" D ", \"Action\": \"s3:Get*\", \"Resource\": \"$${aws:username}\"}\n"
      "      ]\n    }\n  EOT\n}\n", NULL },
    { "a statement more in jsonencode", "main.tf",
      "x = jsonencode({\n  Statement = [{\n    Effect = \"Allow\"\n    Action = \"s3:*\"\n    Resource = \"*\"\n  }]\n})\n",
      "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}",
      "{\"Statement\":[{\"Sid\":\"A\"," D ",\"Action\":\"s3:Get*\",\"Resource\":\"*\"},{" D ",\"Action\":\"s3:Put*\",\"Resource\":\"${aws:username}\"}]}",
      "x = jsonencode({\n  Statement = [{\n    Sid    = \"A\"\n    Effect = \"Allow\"\n    Action = \"s3:Get*\"\n    Resource = \"*\"\n  }, {\n"
      "    Effect   = \"Allow\"\n    Action   = \"s3:Put*\"\n    Resource = \"$${aws:username}\"\n  }]\n})\n", NULL },
    { "a block goes, and a list is shorter", "main.tf",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  # readers\n"
      "  statement {\n"
      "    actions = [\n"
      "      \"s3:GetObject\", # reads\n"
      "      \"s3:PutObject\",\n"
      "    ]\n"
      "    resources = [\"${aws_s3_bucket.b.arn}/*\", aws_s3_bucket.b.arn]\n"
      "  }\n"
      "\n"
      "  statement {\n"
      "    sid       = \"Q\"\n"
      "    actions   = [\"sqs:*\"]\n"
      "    resources = [\"*\"]\n"
      "  }\n"
      "}\n",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:PutObject\", \"s3:GetObject\"], \"Resource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"]}, {\"Effect\": \"Allow\", \"Action\": \"sqs:*\", \"Resource\": \"*\", \"Sid\": \"Q\"}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:PutObject\", \"Resource\": [\"arn:aws:s3:::b/*\"]}]}",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  # readers\n"
      "  statement {\n"
      "    actions = [\n"
      "      \"s3:PutObject\",\n"
      "    ]\n"
      "    resources = [\"${aws_s3_bucket.b.arn}/*\"]\n"
      "  }\n"
      "}\n", NULL },
    { "what an expression says is said by it", "main.tf",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  statement {\n"
      "    sid       = \"Files\"\n"
      "    effect    = \"Allow\"\n"
      "    actions   = [\"s3:GetObject\", \"s3:PutObject\"]\n"
      "    resources = [\"${aws_s3_bucket.b.arn}/*\"]\n"
      "\n"
      "    condition {\n"
      "      test     = \"StringEquals\" # as before\n"
      "      variable = \"aws:PrincipalOrgID\"\n"
      "      values   = [var.org]\n"
      "    }\n"
      "  }\n"
      "}\n",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:PutObject\"], \"Resource\": \"arn:aws:s3:::b/*\", \"Sid\": \"Files\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-1\"}}}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b/in/*\", \"Sid\": \"Files\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-1\"}}}, {\"Effect\": \"Allow\", \"Action\": \"s3:PutObject\", \"Resource\": \"arn:aws:s3:::b/${aws:username}/*\", \"Sid\": \"Files02\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-1\"}}}]}",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  statement {\n"
      "    sid       = \"Files\"\n"
      "    effect    = \"Allow\"\n"
      "    actions   = [\"s3:GetObject\"]\n"
      "    resources = [\"${aws_s3_bucket.b.arn}/in/*\"]\n"
      "\n"
      "    condition {\n"
      "      test     = \"StringEquals\" # as before\n"
      "      variable = \"aws:PrincipalOrgID\"\n"
      "      values   = [var.org]\n"
      "    }\n"
      "  }\n"
      "\n"
      "  statement {\n"
      "    sid       = \"Files02\"\n"
      "    effect    = \"Allow\"\n"
      "    actions   = [\"s3:PutObject\"]\n"
      "    resources = [\"${aws_s3_bucket.b.arn}/$${aws:username}/*\"]\n"
      "\n"
      "    condition {\n"
      "      test     = \"StringEquals\" # as before\n"
      "      variable = \"aws:PrincipalOrgID\"\n"
      "      values   = [var.org]\n"
      "    }\n"
      "  }\n"
      "}\n", NULL },
    { "written out, and told", "main.tf",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  statement {\r\n"
      "\tactions = [\"s3:*\"]\r\n"
      "\tresources = var.buckets\r\n"
      "  }\r\n"
      "}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::a\", \"arn:aws:s3:::b\"]}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::a/x\"}]}",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  statement {\r\n"
      "\tactions = [\"s3:*\"]\r\n"
      "\tresources = [\"arn:aws:s3:::a/x\"]\r\n"
      "  }\r\n"
      "}", "\"arn:aws:s3:::a/x\" is written out, where there was the expression var.buckets" },
    { "which is which", "main.tf",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  statement {\n"
      "    actions   = [\"s3:*\"]\n"
      "    resources = [var.one, var.two]\n"
      "  }\n"
      "}\n",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::a\", \"arn:aws:s3:::b\"]}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::a\"}]}",
      NULL, "which of its expressions says what cannot be told" },
    { "what is generated stays", "main.tf",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  source_policy_documents = [data.aws_iam_policy_document.base.json]\n"
      "\n"
      "  dynamic \"statement\" {\n"
      "    for_each = var.queues\n"
      "    content {\n"
      "      actions   = [\"sqs:SendMessage\"]\n"
      "      resources = [statement.value]\n"
      "    }\n"
      "  }\n"
      "  statement {\n"
      "    actions   = [\"s3:Get*\", \"s3:Put*\"]\n"
      "    resources = [\"*\"]\n"
      "    dynamic \"condition\" {\n"
      "      for_each = var.tags\n"
      "      content {\n"
      "        test     = \"StringEquals\"\n"
      "        variable = \"aws:x\"\n"
      "        values   = [condition.value]\n"
      "      }\n"
      "    }\n"
      "  }\n"
      "}\n",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"ec2:*\", \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": \"s3:Get*\", \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": [\"s3:Get*\", \"s3:Put*\"], \"Resource\": \"*\", \"Condition\": {\"StringEquals\": {\"aws:x\": \"y\"}}}, {\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": \"arn:aws:sqs:eu-west-1:111122223333:q\"}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"ec2:*\", \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": \"s3:Get*\", \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": \"s3:Put*\", \"Resource\": \"*\", \"Condition\": {\"StringEquals\": {\"aws:x\": \"y\"}}}, {\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": \"arn:aws:sqs:eu-west-1:111122223333:q\"}]}",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  source_policy_documents = [data.aws_iam_policy_document.base.json]\n"
      "\n"
      "  dynamic \"statement\" {\n"
      "    for_each = var.queues\n"
      "    content {\n"
      "      actions   = [\"sqs:SendMessage\"]\n"
      "      resources = [statement.value]\n"
      "    }\n"
      "  }\n"
      "  statement {\n"
      "    actions   = [\"s3:Put*\"]\n"
      "    resources = [\"*\"]\n"
      "    dynamic \"condition\" {\n"
      "      for_each = var.tags\n"
      "      content {\n"
      "        test     = \"StringEquals\"\n"
      "        variable = \"aws:x\"\n"
      "        values   = [condition.value]\n"
      "      }\n"
      "    }\n"
      "  }\n"
      "}\n", NULL },
    { "and is not ours to change", "main.tf",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  source_policy_documents = [local.base]\n"
      "  statement {\n"
      "    actions   = [\"s3:*\"]\n"
      "    resources = [\"*\"]\n"
      "  }\n"
      "}\n",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"ec2:*\", \"Resource\": \"*\"}, {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}",
      NULL, "a statement changes that another document or a dynamic block makes" },
    { "one of many", "main.tf",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  for_each = var.all\n"
      "  statement {\n"
      "    actions   = [\"s3:Get*\", \"s3:Put*\"]\n"
      "    resources = [\"arn:aws:s3:::&{aws:username}/*\"]\n"
      "  }\n"
      "}\n",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:Get*\", \"s3:Put*\"], \"Resource\": \"arn:aws:s3:::${aws:username}/*\"}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:Get*\", \"s3:Put*\"], \"Resource\": \"arn:aws:s3:::${aws:username}/x\"}]}",
      "data \"aws_iam_policy_document\" \"p\" {\n"
      "  for_each = var.all\n"
      "  statement {\n"
      "    actions   = [\"s3:Get*\", \"s3:Put*\"]\n"
      "    resources = [\"arn:aws:s3:::&{aws:username}/x\"]\n"
      "  }\n"
      "}\n", "the block has count or for_each: the others that it makes change, too" },
    { "jsonencode with expressions", "modules/app/main.tf",
      "resource \"aws_iam_role_policy\" \"p\" {\n"
      "  policy = jsonencode({\n"
      "    Version = \"2012-10-17\"\n"
      "    Statement = [\n"
      "      {\n"
      "        Sid    = \"A\"\n"
      "        Effect = \"Allow\"\n"
      "        Action = [\"s3:GetObject\", \"s3:PutObject\"]\n"
      "        Resource = [\n"
      "          \"${module.b.arn}/*\", # files\n"
      "          \"arn:aws:s3:::c/*\",\n"
      "        ]\n"
      "        Condition = { StringEquals = { \"aws:x\" = var.x } }\n"
      "      },\n"
      "    ]\n"
      "  })\n"
      "}\n",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:PutObject\"], \"Resource\": [\"arn:aws:s3:::b/*\", \"arn:aws:s3:::c/*\"], \"Sid\": \"A\", \"Condition\": {\"StringEquals\": {\"aws:x\": \"y\"}}}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": [\"arn:aws:s3:::c/*\"], \"Sid\": \"A\", \"Condition\": {\"StringEquals\": {\"aws:x\": \"y\"}}}, {\"Effect\": \"Allow\", \"Action\": \"s3:PutObject\", \"Resource\": \"arn:aws:s3:::b/*\", \"Sid\": \"A02\", \"Condition\": {\"StringEquals\": {\"aws:x\": \"y\"}}}]}",
      "resource \"aws_iam_role_policy\" \"p\" {\n"
      "  policy = jsonencode({\n"
      "    Version = \"2012-10-17\"\n"
      "    Statement = [\n"
      "      {\n"
      "        Sid    = \"A\"\n"
      "        Effect = \"Allow\"\n"
      "        Action = [\"s3:GetObject\"]\n"
      "        Resource = [\n"
      "          \"arn:aws:s3:::c/*\",\n"
      "        ]\n"
      "        Condition = { StringEquals = { \"aws:x\" = var.x } }\n"
      "      },\n"
      "      {\n"
      "        Effect    = \"Allow\"\n"
      "        Action    = \"s3:PutObject\"\n"
      "        Resource  = \"${module.b.arn}/*\"\n"
      "        Sid       = \"A02\"\n"
      "        Condition = { StringEquals = { \"aws:x\" = var.x } }\n"
      "      },\n"
      "    ]\n"
      "  })\n"
      "}\n", NULL },
    { "comments of others stay", "p.json",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\n"
      "  \"s3:GetObject\", // reads\n"
      "  // writes\n"
      "  \"s3:PutObject\", // once\n"
      "  // lists\n"
      "  \"s3:ListBucket\", /* all */ \"s3:ListTagsForResource\",\n"
      "  \"s3:DeleteObject\" // never\n"
      "], \"Resource\": \"*\"}]}\n",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:PutObject\", \"s3:ListBucket\", \"s3:ListTagsForResource\", \"s3:DeleteObject\"], \"Resource\": \"*\"}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:ListBucket\", \"s3:ListTagsForResource\"], \"Resource\": \"*\"}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\n"
      "  \"s3:GetObject\", // reads\n"
      "  // writes\n"
      "  // lists\n"
      "  \"s3:ListBucket\", /* all */ \"s3:ListTagsForResource\"\n"
      "], \"Resource\": \"*\"}]}\n", NULL },
    { "of Terraform, too", "main.tf",
      "x = jsonencode({\n"
      "\tVersion = \"2012-10-17\"\n"
      "\tStatement = [{\n"
      "\t\tEffect = \"Allow\"\n"
      "\t\tAction = [\"s3:GetObject\", \"s3:PutObject\", # both\n"
      "\t\t\t# and this\n"
      "\t\t\t\"s3:ListBucket\", # seldom\n"
      "\t\t\t\"s3:DeleteObject\", # never\n"
      "\t\t]\n"
      "\t\tResource = \"*\"\n"
      "\t}]\n"
      "})",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:PutObject\", \"s3:ListBucket\", \"s3:DeleteObject\"], \"Resource\": \"*\"}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"s3:ListBucket\"], \"Resource\": \"*\"}]}",
      "x = jsonencode({\n"
      "\tVersion = \"2012-10-17\"\n"
      "\tStatement = [{\n"
      "\t\tEffect = \"Allow\"\n"
      "\t\tAction = [\"s3:GetObject\",\n"
      "\t\t\t# and this\n"
      "\t\t\t\"s3:ListBucket\", # seldom\n"
      "\t\t]\n"
      "\t\tResource = \"*\"\n"
      "\t}]\n"
      "})", NULL },
    { "a plan is not edited", "plan.json",
      "{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.0\", \"planned_values\": {\"root_module\": {\"resources\": [{\"address\": \"aws_iam_policy.p\", \"mode\": \"managed\", \"type\": \"aws_iam_policy\", \"name\": \"p\", \"provider_name\": \"registry.terraform.io/hashicorp/aws\", \"schema_version\": 0, \"values\": {\"name\": \"p\", \"path\": \"/\", \"policy\": \"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": [{\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": \\\"s3:*\\\", \\\"Resource\\\": \\\"*\\\"}]}\"}}]}}, \"resource_changes\": [{\"address\": \"aws_iam_policy.p\", \"mode\": \"managed\", \"type\": \"aws_iam_policy\", \"name\": \"p\", \"provider_name\": \"registry.terraform.io/hashicorp/aws\", \"change\": {\"actions\": [\"create\"], \"before\": null, \"after\": {\"name\": \"p\", \"path\": \"/\", \"policy\": \"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": [{\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": \\\"s3:*\\\", \\\"Resource\\\": \\\"*\\\"}]}\"}, \"after_unknown\": {\"id\": true}, \"before_sensitive\": false, \"after_sensitive\": {}}}], \"configuration\": {\"root_module\": {}}}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}",
      "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:Get*\", \"Resource\": \"*\"}]}",
      NULL, "a plan is made by terraform: change aws_iam_policy.p in its configuration" },
    { "text within a string", "x.json", "{\"PolicyName\":\"x\",\"PolicyDocument\":\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"s3:*\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}",
      "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", "{\"Statement\":[{" D ",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}]}", NULL,
      "the policy is text within a string" },
    { "nothing left", "p.json", "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}",
      "{\"Statement\":[{" D ",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}", "{\"Statement\":[]}", NULL,
      "nothing is left of the policy: detach or delete it" },
};

/* The first policy of a template. */
static vd_policy *first_of(vd_str text)
{
    vd_source       source = { .name = VD_S("t.yaml"), .text = text };
    vd_extract_opts opts = { .catalog = vd_catalog_builtin() };
    vd_extraction   found;
    vd_policy      *p = NULL;

    assert_int_equal(vd_extract(&found, engine, &source, &opts, NULL, NULL), VD_OK);
    assert_true(found.count > 0);
    assert_int_equal(vd_policy_read(&p, engine, VD_KIND_IDENTITY, VD_S("t.yaml"), found.at[0].doc, found.at[0].node, NULL, NULL), VD_OK);
    vd_extraction_done(&found);
    return p;
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        vd_str           path = vd_str_of(cases[i].path), text = vd_str_of(cases[i].file);
        vd_change_result r = { .size = sizeof r };
        vd_error       err = { .size = sizeof err };
        vd_policy     *old;
        vd_change     *c;
        vd_change_wish w = { .document = vd_str_of(cases[i].now) };

        old = cases[i].old ? parse(vd_str_of(cases[i].old)) : first_of(text);
        w.old = old;
        if (vd_change_make(&c, engine, path, text, &w, 1, &err) != VD_OK)
            fail_msg("%s: %s", cases[i].what, err.text);
        vd_change_result_of(c, &r);
        if (!vd_str_eq(r.documents[0].review, vd_str_of(cases[i].review ? cases[i].review : "")))
            print_error("%s\n", cases[i].what);
        check_str(r.documents[0].review, vd_str_of(cases[i].review ? cases[i].review : ""));
        check_str(r.text, vd_str_of(cases[i].wanted ? cases[i].wanted : cases[i].file));
        vd_change_free(c);
        vd_policy_release(old);
    }
}

/* ------------------------------------------------------------------ random policies, random layouts */

enum { MOST_STATEMENTS = 6, MOST_TEXTS = 8 };

typedef struct sketch { /* of a statement: numbers of texts */
    bool     sid, deny, condition, not_action;
    uint32_t name, actions[MOST_TEXTS], action_count, resources[MOST_TEXTS], resource_count;
} sketch;

typedef struct policy_sketch {
    sketch   at[MOST_STATEMENTS];
    uint32_t count;
    bool     version;
} policy_sketch;

typedef struct layout {
    const char *unit, *newline; /* unit NULL: one line */
    bool        comments, arrays, flat, single, last_newline;
} layout;

static const char *const actions[] = { "s3:GetObject", "s3:PutObject", "s3:*", "sqs:SendMessage", "sqs:*", "ec2:Describe*", "iam:GetRole",
                                       "kms:Decrypt" };
static const char *const resources[] = { "*", "arn:aws:s3:::a/*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:sqs:eu-west-1:111122223333:q",
                                         "arn:aws:s3:::quote\"d", "arn:aws:s3:::\xc3\xa9" };

static uint32_t some(uint32_t *out, uint32_t pool)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < pool && n < MOST_TEXTS; i++)
        if (draw(3) == 0)
            out[n++] = i;
    if (n == 0)
        out[n++] = draw(pool);
    return n;
}

static sketch random_statement(uint32_t name)
{
    sketch s = { .sid = draw(2), .deny = draw(5) == 0, .condition = draw(4) == 0, .not_action = draw(8) == 0, .name = name };

    s.action_count = some(s.actions, VD_COUNT(actions));
    s.resource_count = some(s.resources, VD_COUNT(resources));
    return s;
}

static void keep_some(uint32_t *at, uint32_t *count)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < *count; i++)
        if (draw(3))
            at[n++] = at[i];
    if (n)
        *count = n;
}

static void mutate(policy_sketch *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        sketch *s = &p->at[i];

        switch (draw(7)) {
        case 0:
            if (p->count > 1) {
                memmove(s, s + 1, (p->count - i - 1) * sizeof *s);
                p->count--;
            }
            break;
        case 1:
            keep_some(s->actions, &s->action_count);
            break;
        case 2:
            keep_some(s->resources, &s->resource_count);
            break;
        case 3:
            s->action_count = some(s->actions, VD_COUNT(actions));
            s->not_action = false;
            break;
        case 4:
            s->resource_count = some(s->resources, VD_COUNT(resources));
            break;
        case 5:
            if (p->count < MOST_STATEMENTS) {
                p->at[p->count] = *s;
                p->at[p->count].name = 10 + p->count;
                keep_some(p->at[p->count].actions, &p->at[p->count].action_count);
                keep_some(p->at[p->count++].resources, &s->resource_count);
            }
            break;
        default:
            s->sid = s->sid || draw(2);
        }
    }
}

typedef struct writer {
    vd_buf       *b;
    const layout *l;
    uint32_t      depth;
} writer;

static void line(writer *w)
{
    if (!w->l->unit)
        return;
    if (w->l->comments && draw(5) == 0)
        vd_buf_printf(w->b, " // note, %u", draw(9));
    vd_buf_printf(w->b, "%s", w->l->newline);
    for (uint32_t i = 0; i < w->depth; i++)
        vd_buf_printf(w->b, "%s", w->l->unit);
}

static void put_string(writer *w, const char *text)
{
    vd_json_of_string(w->b, vd_str_of(text));
}

static void put_list(writer *w, const char *name, const uint32_t *at, uint32_t count, const char *const *texts)
{
    bool flat = w->l->flat && draw(2);

    vd_buf_printf(w->b, ",");
    line(w);
    vd_buf_printf(w->b, "\"%s\": ", name);
    if (count == 1 && !w->l->arrays) {
        put_string(w, texts[at[0]]);
        return;
    }
    vd_buf_printf(w->b, "[");
    w->depth++;
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            vd_buf_printf(w->b, flat ? ", " : ",");
        if (!flat)
            line(w);
        put_string(w, texts[at[i]]);
    }
    w->depth--;
    if (!flat)
        line(w);
    vd_buf_printf(w->b, "]");
}

static void put_statement(writer *w, const sketch *s)
{
    vd_buf_printf(w->b, "{");
    w->depth++;
    line(w);
    if (s->sid) {
        vd_buf_printf(w->b, "\"Sid\": \"S%u\",", s->name);
        line(w);
    }
    vd_buf_printf(w->b, "\"Effect\": \"%s\"", s->deny ? "Deny" : "Allow");
    put_list(w, s->not_action ? "NotAction" : "Action", s->actions, s->action_count, actions);
    put_list(w, "Resource", s->resources, s->resource_count, resources);
    if (s->condition)
        vd_buf_printf(w->b, ", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": [\"true\"]}}");
    w->depth--;
    line(w);
    vd_buf_printf(w->b, "}");
}

static vd_str write_policy(vd_arena *arena, const policy_sketch *p, const layout *l)
{
    vd_buf b = vd_buf_on(&arena->alloc, 0);
    writer w = { &b, l, 1 };
    bool   single = l->single && p->count == 1;
    vd_str out;

    vd_buf_printf(&b, "{");
    line(&w);
    if (p->version) {
        vd_buf_printf(&b, "\"Version\": \"2012-10-17\",");
        line(&w);
    }
    vd_buf_printf(&b, single ? "\"Statement\": " : "\"Statement\": [");
    for (uint32_t i = 0; i < p->count; i++) {
        w.depth += !single;
        if (i)
            vd_buf_printf(&b, ",");
        if (!single)
            line(&w);
        put_statement(&w, &p->at[i]);
        w.depth -= !single;
    }
    if (!single) {
        line(&w);
        vd_buf_printf(&b, "]");
    }
    w.depth = 0;
    line(&w);
    vd_buf_printf(&b, l->last_newline ? "}\n" : "}");
    assert_true(vd_arena_dup(arena, &out, vd_buf_str(&b)));
    vd_buf_done(&b);
    return out;
}

/* ------------------------------------------------------------------ laws */

static void put_file(const char *folder, const char *name, vd_str text)
{
    char  path[300];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    fclose(f);
}

static vd_str get_file(vd_arena *arena, const char *folder, const char *name)
{
    char  path[300], *room = vd_arena_alloc(arena, 65536, 1);
    FILE *f;
    vd_str out = { room, 0 };

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "rb");
    assert_non_null(f);
    out.n = fread(room, 1, 65536, f);
    fclose(f);
    return out;
}

static void check_git(vd_arena *arena, const char *folder, const char *name, vd_str was, const vd_change_result *c)
{
    char command[700];

    put_file(folder, name, was);
    put_file(folder, "change.diff", c->diff);
    snprintf(command, sizeof command, "cd '%s' && git apply --whitespace=nowarn change.diff", folder);
    if (system(command) != 0)
        fail_msg("git does not take:\n" VD_F, VD_A(c->diff));
    check_str(get_file(arena, folder, name), c->text);
}

/* The JSON Patch, as RFC 6902 says it. */
static json_t *apply(json_t *document, const json_t *ops)
{
    size_t  i;
    json_t *op;

    json_array_foreach (ops, i, op) {
        char        path[200], *part, *next;
        const char *kind = json_string_value(json_object_get(op, "op"));
        json_t     *value = json_object_get(op, "value"), *at = document;

        snprintf(path, sizeof path, "%s", json_string_value(json_object_get(op, "path")));
        for (part = path + 1; (next = strchr(part, '/')) != NULL; part = next + 1) {
            *next = 0;
            at = json_is_array(at) ? json_array_get(at, (size_t)atol(part)) : json_object_get(at, part);
            assert_non_null(at);
        }
        if (strcmp(kind, "test") == 0)
            assert_true(json_equal(json_is_array(at) ? json_array_get(at, (size_t)atol(part)) : json_object_get(at, part), value));
        else if (json_is_array(at) && strcmp(part, "-") == 0)
            assert_int_equal(json_array_append(at, value), 0);
        else if (json_is_array(at) && strcmp(kind, "remove") == 0)
            assert_int_equal(json_array_remove(at, (size_t)atol(part)), 0);
        else if (json_is_array(at))
            assert_int_equal(json_array_set(at, (size_t)atol(part), value), 0);
        else if (strcmp(kind, "remove") == 0)
            assert_int_equal(json_object_del(at, part), 0);
        else {
            assert_true(strcmp(kind, "add") == 0 || json_object_get(at, part));
            assert_int_equal(json_object_set(at, part, value), 0);
        }
    }
    return document;
}

static void check_patch(vd_arena *arena, const vd_policy *old, const vd_policy *now, vd_str patch)
{
    json_t    *document = json_loadb(old->json.p, old->json.n, 0, NULL), *ops = json_loadb(patch.p, patch.n, 0, NULL);
    char      *text;
    vd_policy *made;
    vd_str     key = { "", 0 }, wanted = { "", 0 };

    assert_true(document && ops);
    text = json_dumps(apply(document, ops), 0);
    made = parse(vd_str_of(text));
    assert_true(vd_change_policy_key(arena, &key, made) && vd_change_policy_key(arena, &wanted, now));
    check_str(key, wanted);
    vd_policy_release(made);
    free(text);
    json_decref(ops);
    json_decref(document);
}

static bool has(const vd_texts *texts, vd_str text)
{
    for (uint32_t i = 0; i < texts->count; i++)
        if (vd_str_eq(texts->at[i].text, text))
            return true;
    return false;
}

/* Does some statement allow this action on this resource as st does? */
static bool grants(vd_arena *arena, const vd_policy *p, const vd_statement *st, vd_str action, vd_str resource)
{
    for (uint32_t i = 0; p && i < p->statement_count; i++) {
        const vd_statement *o = &p->statements[i];
        vd_str              a = { "", 0 }, b = { "", 0 };

        assert_true(vd_change_key(arena, &a, o, VD_KEY_REST) && vd_change_key(arena, &b, st, VD_KEY_REST));
        if (vd_str_eq(a, b) && o->action.negated == st->action.negated && has(&o->action.texts, action) &&
            has(&o->resource.texts, resource))
            return true;
    }
    return false;
}

/* Every grant of `all` that can be told element by element is one of the others. */
static void check_within(vd_arena *arena, const vd_policy *all, const vd_policy *one, const vd_policy *other)
{
    for (uint32_t i = 0; all && i < all->statement_count; i++) {
        const vd_statement *st = &all->statements[i];

        if (st->effect == VD_EFFECT_DENY || st->action.negated)
            continue;
        for (uint32_t a = 0; a < st->action.texts.count; a++)
            for (uint32_t r = 0; r < st->resource.texts.count; r++) {
                vd_str action = st->action.texts.at[a].text, resource = st->resource.texts.at[r].text;

                if (!grants(arena, one, st, action, resource) && !grants(arena, other, st, action, resource))
                    fail_msg(VD_F " on " VD_F " is in neither", VD_A(action), VD_A(resource));
            }
    }
}

static void check_restore(vd_arena *arena, const vd_policy *old, const vd_policy *now, vd_str restore)
{
    vd_policy *back = restore.n ? parse(restore) : NULL;

    check_within(arena, old, now, back);
    check_within(arena, back, old, NULL);
    vd_policy_release(back);
}

static layout random_layout(void)
{
    static const char *const units[] = { NULL, "  ", "    ", "\t" };
    layout                   l = { .unit = units[draw(4)], .newline = draw(3) ? "\n" : "\r\n" };

    l.comments = l.unit && draw(4) == 0;
    l.arrays = draw(2);
    l.flat = draw(2);
    l.single = draw(3) == 0;
    l.last_newline = draw(3) > 0;
    return l;
}

static void test_laws(void **state)
{
    static const layout plain = { .arrays = false };
    char                folder[200];
    uint32_t            edited = 0, rounds = 400;

    (void)state;
    seed = 7;
    snprintf(folder, sizeof folder, "%s/verdict-change-XXXXXX", temporary());
    assert_non_null(mkdtemp(folder));
    for (uint32_t round = 0; round < rounds; round++) {
        vd_arena       arena = vd_arena_on(vd_allocator_default(), 0);
        policy_sketch  p = { .count = 1 + draw(3), .version = draw(2) };
        layout         l = random_layout();
        vd_str         path = round % 5 ? VD_S("policy.json") : VD_S("the policy.json"), text;
        vd_change_result r = { .size = sizeof r };
        vd_change_wish w;
        vd_policy     *old, *now;
        vd_change     *c;
        vd_error       err = { .size = sizeof err };

        for (uint32_t i = 0; i < p.count; i++)
            p.at[i] = random_statement(i);
        text = write_policy(&arena, &p, &l);
        old = parse(write_policy(&arena, &p, &(layout){ .single = l.single, .arrays = l.arrays }));
        mutate(&p);
        p.version |= draw(4) == 0;
        w = (vd_change_wish){ .old = old, .document = write_policy(&arena, &p, &plain) };
        now = parse(w.document);
        if (vd_change_make(&c, engine, path, text, &w, 1, &err) != VD_OK)
            fail_msg("round %u: %s\n" VD_F "\n" VD_F, round, err.text, VD_A(text), VD_A(w.document));
        vd_change_result_of(c, &r);
        if (r.documents[0].review.n)
            fail_msg("round %u: " VD_F "\n" VD_F "\n" VD_F, round, VD_A(r.documents[0].review), VD_A(text), VD_A(w.document));
        check_patch(&arena, old, now, r.documents[0].patch);
        check_restore(&arena, old, now, r.documents[0].restore);
        if (r.diff.n)
            check_git(&arena, folder, round % 5 ? "policy.json" : "the policy.json", text, &r);
        edited += r.diff.n > 0;
        vd_change_free(c);
        vd_policy_release(old);
        vd_policy_release(now);
        vd_arena_done(&arena);
    }
    assert_true(edited > rounds / 2);
    {
        char command[300];

        snprintf(command, sizeof command, "rm -r '%s'", folder);
        assert_int_equal(system(command), 0);
    }
}

/* ------------------------------------------------------------------ without memory */

/* Every case, once for each allocation in it: VD_ENOMEM, or all of it. */
static void test_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        vd_str     text = vd_str_of(cases[i].file);
        vd_policy *old = cases[i].old ? parse(vd_str_of(cases[i].old)) : first_of(text);

        for (size_t n = 1;; n++) {
            failing_alloc  f = { .fail_at = n };
            vd_allocator   a = failing_allocator(&f);
            vd_engine     *poor = NULL;
            vd_change     *c = NULL;
            vd_change_wish w = { .old = old, .document = vd_str_of(cases[i].now) };
            vd_code        code = vd_engine_new(&poor, &(vd_engine_opts){ .size = sizeof(vd_engine_opts), .allocator = &a }, NULL);

            if (code == VD_OK)
                code = vd_change_make(&c, poor, vd_str_of(cases[i].path), text, &w, 1, NULL);
            vd_change_free(c);
            vd_engine_release(poor);
            assert_int_equal(f.live, 0);
            if (!f.failed) {
                assert_int_equal(code, VD_OK);
                break;
            }
            assert_int_equal(code, VD_ENOMEM);
        }
        vd_policy_release(old);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, make_engine, drop_engine);
}
