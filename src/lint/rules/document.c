/* SPDX-License-Identifier: Apache-2.0
 *
 * Document, sizes, identifiers: the rows, and what is seen from the policy as a whole.
 */
#include "lint/rules/document.h"


const vd_lint_rule vd_document_rules[DOCUMENT_RULES] = {
    [JSON_SYNTAX] = {
        .id = "json-syntax", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "JSON_SYNTAX_ERROR",
        .title = "text that is not JSON",
        .why = "AWS refuses a document that does not follow RFC 8259, and nothing in it can be checked.",
        .remedy = "correct the text at the place that is shown; most often a comma or a bracket is missing",
        .bad = "{\"Version\":\"2012-10-17\" \"Statement\":[]}",
        .good = "{\"Version\":\"2012-10-17\", \"Statement\":[]}",
    },
    [JSON_NONSTANDARD] = {
        .id = "json-nonstandard", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "JSON_SYNTAX_ERROR",
        .title = "comments, trailing commas and the like",
        .why = "Many editors accept them; IAM refuses the document.",
        .remedy = "remove them, or keep policies in YAML and convert",
        .bad = "\"Action\": [\"s3:GetObject\",]",
        .good = "\"Action\": [\"s3:GetObject\"]",
    },
    [JSON_DUPLICATE_KEY] = {
        .id = "json-duplicate-key", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "",
        .title = "the same member twice in one object",
        .why = "Only one of them counts. Two StringEquals blocks are a frequent way to lose a condition.",
        .remedy = "join the two members into one",
        .bad = "\"Condition\": {\"StringEquals\": {\"aws:SourceVpc\": \"vpc-1a2b3c4d\"}, \"StringEquals\": {\"s3:prefix\": \"a\"}}",
        .good = "\"Condition\": {\"StringEquals\": {\"aws:SourceVpc\": \"vpc-1a2b3c4d\", \"s3:prefix\": \"a\"}}",
    },
    [JSON_TRAILING_DATA] = {
        .id = "json-trailing-data", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "JSON_SYNTAX_ERROR",
        .title = "text behind the policy document",
        .why = "A policy is one JSON object; with more behind it AWS refuses all of it.",
        .remedy = "keep one document in a file, or join the statements",
        .bad = "{\"Version\":\"2012-10-17\",\"Statement\":[]}{\"Version\":\"2012-10-17\",\"Statement\":[]}",
        .good = "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
    },
    [DATA_TYPE_MISMATCH] = {
        .id = "data-type-mismatch", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL,
        .codes = "DATA_TYPE_MISMATCH",
        .title = "a value of the wrong JSON type",
        .why = "Each element takes certain types only: AWS refuses a number where it wants a string, and null everywhere.",
        .remedy = "write the value as the element wants it; quote numbers and booleans that stand for text",
        .bad = "\"Sid\": 1",
        .good = "\"Sid\": \"1\"",
    },
    [INVALID_POLICY_ELEMENT] = {
        .id = "invalid-policy-element", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL,
        .codes = "INVALID_POLICY_ELEMENT",
        .title = "a member that the policy language does not have",
        .why = "AWS refuses the document. Names of elements are exact, with their case.",
        .remedy = "correct the name, or remove the member",
        .bad = "\"Actions\": [\"s3:GetObject\"]",
        .good = "\"Action\": [\"s3:GetObject\"]",
    },
    [MISSING_STATEMENT] = {
        .id = "missing-statement", .severity = VD_ERROR, .flags = VD_LINT_DOCUMENT, .on = VD_ON_ALL,
        .codes = "MISSING_STATEMENT",
        .title = "a policy without statements",
        .why = "There is nothing to evaluate; AWS refuses the document.",
        .remedy = "add a Statement",
        .bad = "{\"Version\":\"2012-10-17\"}",
        .good = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:ListAllMyBuckets\",\"Resource\":\"*\"}}",
    },
    [MISSING_VERSION] = {
        .id = "missing-version", .severity = VD_WARNING, .fix = VD_FIX_SAFE, .flags = VD_LINT_DOCUMENT, .on = VD_ON_ALL,
        .codes = "MISSING_VERSION",
        .title = "a policy without Version",
        .why = "AWS falls back to the language of 2008, in which ${aws:username} is plain text. Managed policies, SCPs and "
               "RCPs are refused.",
        .remedy = "begin the document with \"Version\": \"2012-10-17\"",
        .bad = "{\"Statement\":[]}",
        .good = "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
    },
    [OLD_VERSION] = {
        .id = "old-version", .severity = VD_WARNING, .fix = VD_FIX_SAFE, .flags = VD_LINT_DOCUMENT, .on = VD_ON_ALL,
        .codes = "",
        .title = "the policy language of 2008",
        .why = "It has no policy variables: ${aws:username} is plain text there. Managed policies, SCPs and RCPs are refused.",
        .remedy = "write 2012-10-17",
        .bad = "\"Version\": \"2008-10-17\"",
        .good = "\"Version\": \"2012-10-17\"",
    },
    [INVALID_VERSION] = {
        .id = "invalid-version", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .flags = VD_LINT_DOCUMENT, .on = VD_ON_ALL,
        .codes = "INVALID_VERSION",
        .title = "a Version that does not exist",
        .why = "Version names the policy language; it is not the date of your revision. AWS refuses other dates.",
        .remedy = "write 2012-10-17",
        .bad = "\"Version\": \"2024-06-01\"",
        .good = "\"Version\": \"2012-10-17\"",
    },
    [ID_NOT_ALLOWED] = {
        .id = "id-not-allowed", .severity = VD_WARNING, .fix = VD_FIX_SAFE, .flags = VD_LINT_DOCUMENT,
        .on = VD_ON_I | VD_ON_B | VD_ON_S | VD_ON_C | VD_ON_D, .codes = "",
        .title = "Id in a kind of policy that has none",
        .why = "Id belongs to resource-based policies; elsewhere it says nothing and may be refused.",
        .remedy = "remove it",
        .bad = "\"Id\": \"x\" in a managed policy",
        .good = "\"Id\": \"x\" in a bucket policy",
    },
    [INVALID_CHARACTER] = {
        .id = "invalid-character", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL, .codes = "",
        .title = "a character that IAM does not accept",
        .why = "IAM takes tab, line feed, carriage return and U+0020 to U+00FF. Quotes and dashes of word processors and "
               "invisible spaces come along when text is copied.",
        .remedy = "type the character again on the keyboard",
        .bad = "\"Action\": \"s3:Get\\u200bObject\"",
        .good = "\"StringEquals\": {\"aws:PrincipalTag/team\": \"\\u00e9quipe\"}",
    },
    [INVALID_SID] = {
        .id = "invalid-sid", .severity = VD_ERROR, .fix = VD_FIX_SAFE,
        .on = VD_ON_I | VD_ON_B | VD_ON_S | VD_ON_C | VD_ON_D | VD_ON_T, .codes = "UNSUPPORTED_SID",
        .title = "a Sid with other characters than letters and digits",
        .why = "IAM and Organizations refuse such a Sid. Some resource policies take more.",
        .remedy = "use A to Z, a to z, 0 to 9",
        .bad = "\"Sid\": \"Allow-read\"",
        .good = "\"Sid\": \"AllowRead\"",
    },
    [DUPLICATE_SID] = {
        .id = "duplicate-sid", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL,
        .codes = "UNIQUE_SIDS_REQUIRED UNIQUE_SIDS_RECOMMENDED",
        .title = "a Sid that two statements have",
        .why = "IAM refuses the document; elsewhere logs and messages no longer say which statement is meant.",
        .remedy = "give each statement a Sid of its own",
        .bad = "\"Sid\": \"A\" in two statements",
        .good = "\"Sid\": \"A\" and \"Sid\": \"a\"",
    },
    [EMPTY_SID] = {
        .id = "empty-sid", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "EMPTY_SID_VALUE",
        .title = "an empty Sid",
        .why = "It names nothing.",
        .remedy = "give it a name, or remove it",
        .bad = "\"Sid\": \"\"",
        .good = "no Sid at all",
    },
    [MISSING_SID] = {
        .id = "missing-sid", .severity = VD_SUGGESTION, .flags = VD_LINT_OFF, .on = VD_ON_ALL, .codes = "",
        .title = "a statement without Sid",
        .why = "Suppressions, reports and denial messages can name a statement that has a Sid.",
        .remedy = "give the statement a Sid",
        .bad = "{\"Effect\":\"Allow\",\"Action\":\"s3:ListAllMyBuckets\",\"Resource\":\"*\"}",
        .good = "{\"Sid\":\"ListBuckets\",\"Effect\":\"Allow\",\"Action\":\"s3:ListAllMyBuckets\",\"Resource\":\"*\"}",
    },
    [POLICY_SIZE_EXCEEDED] = {
        .id = "policy-size-exceeded", .severity = VD_ERROR, .flags = VD_LINT_DOCUMENT,
        .on = VD_ON_ALL,
        .codes = "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA "
                 "POLICY_SIZE_EXCEEDS_SCP_QUOTA POLICY_SIZE_EXCEEDS_RCP_QUOTA POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
        .title = "a policy larger than AWS stores",
        .why = "Each kind of policy has a quota; what counts differs: IAM leaves white space out, Organizations does not.",
        .remedy = "remove white space where it counts, join statements, use wildcards, or split the policy",
        .bad = "a managed policy of 6200 characters without white space",
        .good = "a managed policy of 6200 characters of which 400 are white space",
    },
    [POLICY_SIZE_NEAR] = {
        .id = "policy-size-near", .severity = VD_SUGGESTION, .flags = VD_LINT_DOCUMENT, .on = VD_ON_ALL, .codes = "",
        .title = "a policy close to its quota",
        .why = "The next change may be the one that AWS refuses.",
        .remedy = "join statements or split the policy before you have to",
        .bad = "5600 of 6144 characters",
        .good = "5400 of 6144 characters",
    },
    [POLICY_COUNT_LIMITS] = {
        .id = "policy-count-limits", .severity = VD_WARNING, .on = VD_ON_R, .codes = "",
        .title = "more statements, principals or actions than the service takes",
        .why = "Some services limit more than the size: a queue policy has at most 20 statements, 50 principals, 10 "
               "conditions, and 7 actions in a statement.",
        .remedy = "use wildcards or conditions instead of lists",
        .bad = "8 actions in a statement of a queue policy",
        .good = "7 actions in a statement of a queue policy",
    },
    [SECRET_IN_POLICY] = {
        .id = "secret-in-policy", .severity = VD_SECURITY, .score = 80, .on = VD_ON_ALL, .codes = "",
        .title = "something that looks like a secret",
        .why = "Policies are readable by many and kept in histories; they are no place for secrets.",
        .remedy = "revoke the secret and remove it",
        .bad = "\"aws:userid\": \"AKIA0123456789ABCDEF\" (an access key)",
        .good = "\"aws:userid\": \"AROAXXXXXXXXXXXXXXXXX:*\" (a unique id)",
    },
    [POLICY_TYPE_GUESS] = {
        .id = "policy-type-guess", .severity = VD_SUGGESTION, .flags = VD_LINT_DOCUMENT, .on = VD_ON_ALL, .codes = "",
        .title = "a policy whose type is not certain",
        .why = "The same text means other things as another type; only its file name, its folder or you can tell.",
        .remedy = "say --policy-type, or add a types: entry to .verdict.yaml",
        .bad = "a loose file that denies s3:* to Principal \"*\"",
        .good = "the same file in a folder rcp/",
    },
    [UNUSED_SUPPRESSION] = {
        .id = "unused-suppression", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "a suppression that hides nothing",
        .why = "What it hid is gone, or its date has passed; left there it may hide the next mistake.",
        .remedy = "remove it",
        .bad = "# verdict: ignore resource-star -- x   above a clean line",
        .good = "a suppression of a rule that is off",
    },
};

static void look_for_missing_sids(vd_lint *l)
{
    const vd_lint_rule *rule = &vd_document_rules[MISSING_SID];

    if (!vd_lint_wants(l, rule))
        return;
    for (uint32_t i = 0; i < l->statement_count; i++)
        if (!l->statements[i].model->has_sid)
            vd_lint_report(l, rule, &l->statements[i], vd_span_of_statement(l, &l->statements[i]),
                           "statement %u has no Sid", (unsigned)i + 1);
}

static void look(vd_lint *l)
{
    if (!l->policy)
        return;
    look_for_missing_sids(l);
    vd_document_sizes(l);
    vd_document_secrets(l);
}

const vd_lint_group vd_lint_document = {
    .name = "document",
    .rules = vd_document_rules,
    .count = DOCUMENT_RULES,
    .policy = look,
    .adopt = vd_document_adopt,
};
