/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading snapshots: what is in them, what is missing in them, and that neither hangs on the order of files.
 */
#include "unit.h"

#include "base/buf.h"
#include "failing_alloc.h"
#include "model/snapshot.h"
#include "policy/policy.h"
#include "request/request.h"

typedef struct file {
    const char *path, *text;
} file;

#define ALLOW(action) "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"" action "\",\"Resource\":\"*\"}]}"
#define SCP_ALL "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"*\\\"}]}"
#define TRUST(who) \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" who "\"},\"Action\":\"sts:AssumeRole\"}]}"

static const file small[] = {
    { "accounts/111122223333/authorization-details-1.json",
      "{\"UserDetailList\":[{\"Path\":\"/\",\"UserName\":\"ann\",\"UserId\":\"AIDAEXAMPLEANN000000A\",\"Arn\":\"arn:aws:iam::111122223333:user/ann\","
      "\"CreateDate\":\"2024-01-01T00:00:00Z\",\"UserPolicyList\":[{\"PolicyName\":\"own\",\"PolicyDocument\":" ALLOW("s3:GetObject") "}],"
      "\"GroupList\":[\"devs\",\"gone\"],\"AttachedManagedPolicies\":[{\"PolicyName\":\"P\",\"PolicyArn\":\"arn:aws:iam::111122223333:policy/P\"},"
      "{\"PolicyName\":\"ReadOnlyAccess\",\"PolicyArn\":\"arn:aws:iam::aws:policy/ReadOnlyAccess\"}],"
      "\"PermissionsBoundary\":{\"PermissionsBoundaryType\":\"Policy\",\"PermissionsBoundaryArn\":\"arn:aws:iam::111122223333:policy/Lost\"},"
      "\"Tags\":[{\"Key\":\"team\",\"Value\":\"data\"}]},"
      "{\"Path\":\"/\",\"UserName\":\"bob\",\"UserId\":\"AIDAEXAMPLEBOB000000A\",\"Arn\":\"arn:aws:iam::111122223333:user/bob\",\"GroupList\":[\"devs\"],"
      "\"UserPolicyList\":[],\"AttachedManagedPolicies\":[]},"
      "{\"Path\":\"/\",\"UserName\":\"eve\",\"UserId\":\"AIDAEXAMPLEEVE000000A\",\"Arn\":\"arn:aws:iam::111122223333:user/eve\",\"GroupList\":[\"devs\"],"
      "\"UserPolicyList\":[],\"AttachedManagedPolicies\":[]}],"
      "\"GroupDetailList\":[{\"GroupName\":\"devs\",\"GroupId\":\"AGPAEXAMPLEDEVS00000A\",\"Arn\":\"arn:aws:iam::111122223333:group/devs\","
      "\"GroupPolicyList\":[{\"PolicyName\":\"g\",\"PolicyDocument\":\"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22"
      "%2C%22Action%22%3A%22s3%3AListBucket%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D\"}],\"AttachedManagedPolicies\":[]}],"
      "\"RoleDetailList\":[],\"Policies\":[],\"IsTruncated\":true,\"Marker\":\"x\"}" },
    { "accounts/111122223333/authorization-details-2.json",
      "{\"UserDetailList\":[],\"GroupDetailList\":[],\"RoleDetailList\":[{\"Path\":\"/app/\",\"RoleName\":\"app\",\"RoleId\":\"AROAEXAMPLEAPP000000A\","
      "\"Arn\":\"arn:aws:iam::111122223333:role/app/app\",\"AssumeRolePolicyDocument\":" TRUST("arn:aws:iam::444455556666:root") ","
      "\"InstanceProfileList\":[],\"RolePolicyList\":[{\"PolicyName\":\"other\",\"PolicyDocument\":" ALLOW("s3:GetObject") "}],"
      "\"AttachedManagedPolicies\":[]}],\"Policies\":[{\"PolicyName\":\"P\",\"Arn\":\"arn:aws:iam::111122223333:policy/P\",\"DefaultVersionId\":\"v2\","
      "\"PolicyVersionList\":[{\"VersionId\":\"v2\",\"IsDefaultVersion\":true,\"Document\":" ALLOW("sqs:*") "},"
      "{\"VersionId\":\"v1\",\"IsDefaultVersion\":false,\"Document\":" ALLOW("*") "}]}],\"IsTruncated\":false}" },
    { "accounts/111122223333/global/s3/www/policy.json",
      "{\"Policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":\\\"*\\\","
      "\\\"Action\\\":\\\"s3:GetObject\\\",\\\"Resource\\\":\\\"arn:aws:s3:::www/*\\\"}]}\"}" },
    { "accounts/111122223333/global/s3/www/public-access-block.json",
      "{\"PublicAccessBlockConfiguration\":{\"BlockPublicAcls\":false,\"IgnorePublicAcls\":true,\"BlockPublicPolicy\":false,"
      "\"RestrictPublicBuckets\":true}}" },
    { "org/organization.json", "{\"Organization\":{\"Id\":\"o-abcdefghij\",\"MasterAccountId\":\"999988887777\"}}" },
    { "org/roots.json", "{\"Roots\":[{\"Id\":\"r-ab12\",\"Name\":\"Root\",\"PolicyTypes\":[{\"Type\":\"SERVICE_CONTROL_POLICY\",\"Status\":\"ENABLED\"}]}]}" },
    { "org/ous/r-ab12.json", "{\"OrganizationalUnits\":[{\"Id\":\"ou-ab12-11111111\",\"Name\":\"work\"}]}" },
    { "org/accounts/r-ab12.json", "{\"Accounts\":[{\"Id\":\"999988887777\",\"Name\":\"main\"}]}" },
    { "org/accounts/ou-ab12-11111111.json",
      "{\"Accounts\":[{\"Id\":\"111122223333\",\"Name\":\"one\"},{\"Id\":\"222233334444\",\"Name\":\"two\"}]}" },
    { "org/policies/p-FullAWSAccess.json", "{\"Policy\":{\"PolicySummary\":{\"Id\":\"p-FullAWSAccess\",\"Name\":\"FullAWSAccess\",\"Type\":"
                                          "\"SERVICE_CONTROL_POLICY\"},\"Content\":\"" SCP_ALL "\"}}" },
    { "org/targets/p-FullAWSAccess.json", "{\"Targets\":[{\"TargetId\":\"r-ab12\"},{\"TargetId\":\"ou-ab12-11111111\"},{\"TargetId\":\"111122223333\"},"
                                         "{\"TargetId\":\"222233334444\"},{\"TargetId\":\"999988887777\"}]}" },
};

static vd_snapshot *read_files(const vd_engine *e, const file *files, size_t count, size_t first, bool backwards)
{
    vd_snapshot_reader *r;
    vd_snapshot        *s = NULL;

    assert_int_equal(vd_snapshot_reader_new(&r, e, NULL, NULL), VD_OK);
    for (size_t i = 0; i < count; i++) {
        const file *f = &files[((backwards ? count - 1 - i : i) + first) % count];

        vd_snapshot_read(r, vd_str_of(f->path), vd_str_of(f->path), vd_str_of(f->text), NULL);
    }
    assert_int_equal(vd_snapshot_finish(&s, r, NULL), VD_OK);
    vd_snapshot_reader_free(r);
    return s;
}

static vd_engine *engine(void)
{
    vd_engine *e;

    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    return e;
}

/* ------------------------------------------------------------------ all of it as text */

static void dump_range(vd_buf *b, const char *name, vd_snap_range r)
{
    vd_buf_printf(b, " %s=%u+%u", name, r.first, r.count);
}

static void dump_nodes(vd_buf *b, const vd_snapshot *s)
{
    for (uint32_t i = 0; i < s->node_count; i++) {
        const vd_snap_node *n = &s->nodes[i];

        vd_buf_printf(b, "node " VD_F " account=%u kind=%u", VD_A(n->arn), n->account, n->kind);
        dump_range(b, "held", n->held);
        dump_range(b, "groups", n->groups);
        dump_range(b, "tags", n->tags);
        vd_buf_printf(b, " boundary=%u/%d trust=%u signature=%u keys=%d\n", n->boundary, n->bounded, n->trust, n->signature, n->keys);
    }
    for (uint32_t i = 0; i < s->held_count; i++)
        vd_buf_printf(b, "held doc=%u group=%u managed=%u via=%u " VD_F "\n", s->held[i].doc, s->held[i].group, s->held[i].managed, s->held[i].via,
                      VD_A(s->held[i].name));
    for (uint32_t i = 0; i < s->group_count; i++) {
        vd_buf_printf(b, "group " VD_F, VD_A(s->groups[i].arn));
        dump_range(b, "held", s->groups[i].held);
        dump_range(b, "members", s->groups[i].members);
        vd_buf_byte(b, '\n');
    }
    for (uint32_t i = 0; i < s->member_count; i++)
        vd_buf_printf(b, "member %u\n", s->members[i]);
    for (uint32_t i = 0; i < s->managed_count; i++) {
        vd_buf_printf(b, "managed " VD_F " doc=%u", VD_A(s->managed[i].arn), s->managed[i].doc);
        dump_range(b, "versions", s->managed[i].versions);
        vd_buf_byte(b, '\n');
    }
}

static void dump_docs(vd_buf *b, const vd_snapshot *s)
{
    for (uint32_t i = 0; i < s->doc_count; i++) {
        vd_policy *p = s->docs[i].policy;
        vd_pos     at = p ? vd_policy_pos(p, (vd_span){ 0, 1 }) : (vd_pos){ .file = VD_S("-") };

        vd_str     name = p ? vd_policy_name(p) : VD_S("-");

        vd_buf_printf(b, "doc " VD_F " " VD_F ":%u:%u %d\n", VD_A(name), VD_A(at.file), at.line, at.column, s->docs[i].reads_principal);
    }
}

static void dump_accounts(vd_buf *b, const vd_snapshot *s)
{
    for (uint32_t i = 0; i < s->account_count; i++) {
        const vd_snap_account *a = &s->accounts[i];

        vd_buf_printf(b, "account " VD_F " \"" VD_F "\" " VD_F " org=%u management=%u scp=%u%s rcp=%u%s root=%u", VD_A(a->id), VD_A(a->name),
                      VD_A(a->org_path), a->in_org, a->management, a->scp, a->scp_missing ? "?" : "", a->rcp, a->rcp_missing ? "?" : "", a->root);
        dump_range(b, "nodes", a->nodes);
        vd_buf_byte(b, '\n');
    }
    for (uint32_t i = 0; i < s->level_count; i++) {
        vd_buf_printf(b, "level " VD_F, VD_A(s->levels[i].target));
        for (uint32_t k = 0; k < s->levels[i].docs.count; k++)
            vd_buf_printf(b, " %u", s->unit_docs[s->levels[i].docs.first + k]);
        vd_buf_byte(b, '\n');
    }
}

static void dump(vd_buf *b, const vd_snapshot *s)
{
    dump_accounts(b, s);
    dump_nodes(b, s);
    dump_docs(b, s);
    for (uint32_t i = 0; i < s->resource_count; i++) {
        const vd_snap_resource *r = &s->resources[i];

        vd_buf_printf(b, "resource " VD_F " " VD_F " account=%u doc=%u complete=%d runs_as=%u facts=%u/%u behind=%u", VD_A(r->arn), VD_A(r->type),
                      r->account, r->doc, r->complete, r->runs_as, r->facts, r->facts_known, r->behind);
        dump_range(b, "tags", r->tags);
        dump_range(b, "points", r->access_points);
        vd_buf_printf(b, " " VD_F "\n", VD_A(r->state));
    }
    for (uint32_t i = 0; i < s->permission_set_count; i++) {
        const vd_snap_permission_set *p = &s->permission_sets[i];

        vd_buf_printf(b, "permission set " VD_F " " VD_F " doc=%u known=%d%d", VD_A(p->arn), VD_A(p->name), p->doc, p->inline_known, p->managed_known);
        dump_range(b, "managed", p->managed);
        dump_range(b, "assignments", p->assignments);
        vd_buf_byte(b, '\n');
    }
    for (uint32_t i = 0; i < s->assignment_count; i++)
        vd_buf_printf(b, "assignment " VD_F " " VD_F " role=%u\n", VD_A(s->assignments[i].account_id), VD_A(s->assignments[i].principal), s->assignments[i].role);
    for (uint32_t i = 0; i < s->note_count; i++) {
        const vd_snapshot_note *n = &s->notes[i];

        vd_buf_printf(b, "note %s %d " VD_F ":%u:%u [" VD_F " " VD_F "] " VD_F "\n", vd_snapshot_note_name(n->what), n->severity, VD_A(n->at.file),
                      n->at.line, n->at.column, VD_A(n->account), VD_A(n->arn), VD_A(n->text));
    }
}

/* ------------------------------------------------------------------ tests */

static void check_order(const file *files, size_t count)
{
    vd_engine   *e = engine();
    vd_snapshot *s = read_files(e, files, count, 0, false);
    vd_buf       first = vd_buf_on(vd_allocator_default(), 0);

    dump(&first, s);
    if (getenv("VD_SHOW"))
        printf(VD_F "\n", (int)first.n, first.p);
    vd_snapshot_release(s);
    for (size_t i = 0; i < 2 * count; i++) {
        vd_buf other = vd_buf_on(vd_allocator_default(), 0);

        s = read_files(e, files, count, i / 2, i & 1);
        dump(&other, s);
        check_str(vd_buf_str(&other), vd_buf_str(&first));
        vd_buf_done(&other);
        vd_snapshot_release(s);
    }
    vd_buf_done(&first);
    vd_engine_release(e);
}

static void test_order(void **state)
{
    VD_UNUSED(state);
    check_order(small, VD_COUNT(small));
}

static bool has_note(const vd_snapshot *s, int32_t what, const char *arn)
{
    for (uint32_t i = 0; i < s->note_count; i++)
        if (s->notes[i].what == what && vd_str_eq(s->notes[i].arn, vd_str_of(arn)))
            return true;
    return false;
}

static void test_small(void **state)
{
    vd_engine          *e = engine();
    vd_snapshot        *s = read_files(e, small, VD_COUNT(small), 0, false);
    uint32_t            ann = vd_snapshot_find(s, VD_S("arn:aws:iam::111122223333:user/ann")), bob, eve, app, bucket;
    const vd_snap_node *n;
    vd_pos              at;

    VD_UNUSED(state);
    assert_int_not_equal(ann, VD_NO_INDEX);
    bob = vd_snapshot_find(s, VD_S("arn:aws:iam::111122223333:user/bob"));
    eve = vd_snapshot_find(s, VD_S("arn:aws:iam::111122223333:user/eve"));
    app = vd_snapshot_find(s, VD_S("arn:aws:sts::111122223333:assumed-role/app/session"));
    check_cstr(s->nodes[app].arn, "arn:aws:iam::111122223333:role/app/app");
    n = &s->nodes[ann];
    assert_int_equal(n->held.count, 4); /* own, P, ReadOnlyAccess, the group's */
    assert_int_equal(s->held[n->held.first].doc, s->held[s->nodes[app].held.first].doc); /* the same text */
    assert_int_equal(s->held[n->held.first + 2].doc, VD_NONE);
    assert_int_equal(s->held[n->held.first + 3].via, VD_VIA_GROUP_INLINE);
    assert_true(n->bounded && n->boundary == VD_NONE);
    assert_true(has_note(s, VD_GAP_MISSING_BOUNDARY, "arn:aws:iam::111122223333:user/ann"));
    assert_true(has_note(s, VD_GAP_MISSING_GROUP, "arn:aws:iam::111122223333:user/ann"));
    assert_true(has_note(s, VD_GAP_MISSING_POLICY, "arn:aws:iam::111122223333:user/ann"));
    assert_int_equal(s->nodes[bob].signature, s->nodes[eve].signature);
    assert_int_not_equal(s->nodes[bob].signature, s->nodes[ann].signature);
    assert_int_equal(s->groups[0].members.count, 3);
    assert_int_equal(s->accounts[0].scp, s->accounts[1].scp); /* of one unit, with the same policies */
    assert_int_equal(s->chains[s->accounts[0].scp].levels.count, 3);
    check_cstr(s->accounts[0].org_path, "o-abcdefghij/r-ab12/ou-ab12-11111111/");
    assert_int_equal(s->accounts[0].rcp, VD_NONE);
    assert_int_equal(s->accounts[2].management, VD_CERTAIN_YES);
    bucket = vd_snap_resource_find(s, VD_S("arn:aws:s3:::www/a/b"));
    check_cstr(s->resources[bucket].arn, "arn:aws:s3:::www");
    at = vd_policy_pos(s->docs[s->resources[bucket].doc].policy, (vd_span){ 38, 1 });
    check_cstr(at.file, "accounts/111122223333/global/s3/www/policy.json");
    assert_int_equal(at.line, 1);
    assert_true(at.column > 40 && at.column < 60);
    vd_snapshot_release(s);
    vd_engine_release(e);
}

static uint32_t count_notes(const vd_snapshot *s, int32_t what)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->note_count; i++)
        n += s->notes[i].what == what;
    return n;
}

static const vd_snap_node *node_of(const vd_snapshot *s, const char *arn)
{
    uint32_t at = vd_snap_node_find(s, vd_str_of(arn));

    assert_int_not_equal(at, VD_NONE);
    return &s->nodes[at];
}

static const vd_snap_resource *resource_of(const vd_snapshot *s, const char *arn)
{
    uint32_t at = vd_snap_resource_find(s, vd_str_of(arn));

    if (at == VD_NONE)
        fail_msg("no %s", arn);
    return &s->resources[at];
}

/* ------------------------------------------------------------------ resources and settings */

#define ROLE(name) \
    "{\"RoleName\":\"" name "\",\"Path\":\"/\",\"Arn\":\"arn:aws:iam::111122223333:role/" name "\",\"AssumeRolePolicyDocument\":" \
    TRUST("arn:aws:iam::111122223333:root") ",\"RolePolicyList\":[],\"AttachedManagedPolicies\":[],\"InstanceProfileList\":"
#define HOME "accounts/111122223333/"

static const file things[] = {
    { HOME "authorization-details.json",
      "{\"UserDetailList\":[{\"UserName\":\"ann\",\"Path\":\"/\",\"UserPolicyList\":[]}],\"RoleDetailList\":[" ROLE("web")
      "[{\"InstanceProfileName\":\"web-profile\",\"Arn\":\"arn:aws:iam::111122223333:instance-profile/web-profile\"}]}," ROLE("fn") "[]}]}" },
    { HOME "credential-report.csv",
      "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_2_active\r\n"
      "<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,no_information,true,false,false\r\n"
      "ann,arn:aws:iam::111122223333:user/ann,2024-01-01T00:00:00+00:00,true,N/A,false,true,true\r\n"
      "old,arn:aws:iam::111122223333:user/old,2024-01-01T00:00:00+00:00,true,N/A,false,true,true\r\n" },
    { HOME "eu-west-1/ec2/instances.json",
      "{\"Reservations\":[{\"Instances\":[{\"InstanceId\":\"i-1\",\"IamInstanceProfile\":{\"Arn\":"
      "\"arn:aws:iam::111122223333:instance-profile/web-profile\"},\"Tags\":[{\"Key\":\"env\",\"Value\":\"prod\"}]},{\"InstanceId\":\"i-2\"}]}]}" },
    { HOME "eu-west-1/ssm/instances.json", "{\"InstanceInformationList\":[{\"InstanceId\":\"i-1\"}]}" },
    { HOME "eu-west-1/lambda/functions.json",
      "{\"Functions\":[{\"FunctionName\":\"f\",\"FunctionArn\":\"arn:aws:lambda:eu-west-1:111122223333:function:f\","
      "\"Role\":\"arn:aws:iam::111122223333:role/fn\"}]}" },
    { HOME "eu-west-1/glue/jobs.json", "{\"Jobs\":[{\"Name\":\"j\",\"Role\":\"fn\"}]}" },
    { HOME "eu-west-1/sqs/q/attributes.json",
      "{\"Attributes\":{\"QueueArn\":\"arn:aws:sqs:eu-west-1:111122223333:q\",\"Policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\","
      "\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"sqs:SendMessage\\\","
      "\\\"Resource\\\":\\\"*\\\"}]}\"}}" },
    { HOME "eu-west-1/ecr/team%2Fapp.json", "{\"registryId\":\"111122223333\",\"policyText\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[]}\"}" },
    { HOME "eu-west-1/ec2/snapshot-attributes/snap-1.json",
      "{\"SnapshotId\":\"snap-1\",\n\"CreateVolumePermissions\":[{\"Group\":\"all\"},\n{\"UserId\":\"444455556666\"},{\"UserId\":\"nobody\"}]}" },
    { HOME "eu-west-1/s3/access-points.json",
      "{\"AccessPointList\":[{\"Name\":\"ap\",\"Bucket\":\"www\",\"AccessPointArn\":\"arn:aws:s3:eu-west-1:111122223333:accesspoint/ap\"}]}" },
    { HOME "eu-west-1/s3/access-points/ap.json", "{\"Policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[]}\"}" },
    { HOME "global/s3/buckets.json", "{\"Buckets\":[{\"Name\":\"www\"},{\"Name\":\"logs\"}],\"Owner\":{}}" },
    { HOME "global/s3/www/acl.json", "{\"Owner\":{\"ID\":\"c1\"},\"Grants\":[]}" },
    { HOME "global/s3/www/public-access-block.json", "{\"PublicAccessBlockConfiguration\":{\"BlockPublicAcls\":true}}" },
    { HOME "global/public-access-block.json", "{\"PublicAccessBlockConfiguration\":{\"RestrictPublicBuckets\":true}}" },
    { HOME "eu-west-1/kms/k-1/grants.json", "{\"Grants\":[{\"GranteePrincipal\":\"arn:aws:iam::444455556666:role/r\",\"Operations\":[\"Decrypt\"]}]}" },
    { HOME "eu-west-1/ec2/images.json", "{\"Images\":[{\"ImageId\":\"ami-1\",\"Public\":true},{\"ImageId\":\"ami-2\",\"Public\":false}]}" },
    { HOME "eu-west-1/ec2/vpc-endpoints.json",
      "{\"VpcEndpoints\":[{\"VpcEndpointId\":\"vpce-1\",\"PolicyDocument\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":["
      "{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}]}" },
    { HOME "eu-west-1/logs/resource-policies.json",
      "{\"resourcePolicies\":[{\"policyName\":\"a\",\"policyDocument\":" TRUST("x") "},{\"policyName\":\"b\",\"policyDocument\":" TRUST("y") "}]}" },
    { HOME "eu-west-1/ram/shares.json", "{\"resourceShares\":[{\"resourceShareArn\":\"arn:aws:ram:eu-west-1:111122223333:resource-share/s\"}]}" },
    { HOME "account-summary.json", "{\"SummaryMap\":{}}" },
    { HOME "eu-west-1/what/is-this.json", "{\"Odd\":1}" },
    { "manifest.json", "{\"format\":1,\"complete\":[\"iam\",\"s3\"],\"missing\":[{\"account\":\"111122223333\","
      "\"region\":\"eu-west-1\",\"call\":\"sqs list-queues\",\"error\":\"AccessDenied\"}]}" },
};

static void check_compute(const vd_snapshot *s)
{
    const vd_snap_resource *i1 = resource_of(s, "arn:aws:ec2:eu-west-1:111122223333:instance/i-1");
    uint32_t                web = vd_snap_profile_find(s, VD_S("111122223333"), VD_S("Web-Profile"));
    const vd_snap_resource *i2 = resource_of(s, "arn:aws:ec2:eu-west-1:111122223333:instance/i-2");
    const vd_snap_resource *job = resource_of(s, "arn:aws:glue:eu-west-1:111122223333:job/j");

    check_cstr(s->nodes[i1->runs_as].arn, "arn:aws:iam::111122223333:role/web");
    assert_int_not_equal(web, VD_NONE);
    assert_true(vd_str_eq(s->nodes[web].name, VD_S("web")));
    assert_int_equal(vd_snap_profile_find(s, VD_S("111122223333"), VD_S("web")), VD_NONE);
    assert_int_equal(vd_snap_profile_find(s, VD_S("444455556666"), VD_S("web-profile")), VD_NONE);
    assert_int_equal(i1->facts_known & i1->facts, VD_THING_SSM_MANAGED);
    assert_int_equal(i2->facts_known, VD_THING_SSM_MANAGED);
    assert_int_equal(i2->facts, 0);
    assert_int_equal(i2->runs_as, VD_NONE);
    check_cstr(s->tags[i1->tags.first].value, "prod");
    check_cstr(s->nodes[job->runs_as].name, "fn");
    check_cstr(s->nodes[resource_of(s, "arn:aws:lambda:eu-west-1:111122223333:function:f:live")->runs_as].name, "fn");
}

static void check_shared(const vd_snapshot *s)
{
    const vd_snap_resource *snap = resource_of(s, "arn:aws:ec2:eu-west-1::snapshot/snap-1");
    const vd_policy        *p;

    assert_int_equal(snap->shared.count, 2);
    p = s->docs[s->shared[snap->shared.first + 1]].policy;
    check_cstr(p->statements[0].principal.at[0].text.text, "444455556666");
    assert_int_equal(vd_policy_pos(p, p->statements[0].span).line, 3); /* of the setting */
    assert_true(has_note(s, VD_GAP_POLICY, "arn:aws:ec2:eu-west-1::snapshot/snap-1"));
    assert_int_equal(resource_of(s, "arn:aws:ec2:eu-west-1::image/ami-1")->shared.count, 1);
    assert_int_equal(resource_of(s, "arn:aws:ec2:eu-west-1::image/ami-2")->shared.count, 0);
    assert_int_equal(resource_of(s, "arn:aws:logs:eu-west-1:111122223333:log-group:*")->shared.count, 2);
    assert_int_equal(resource_of(s, "arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/vpce-1")->doc, VD_NONE);
    assert_int_not_equal(resource_of(s, "arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint/vpce-1")->endpoint, VD_NONE);
}

static void test_things(void **state)
{
    vd_engine              *e = engine();
    vd_snapshot            *s = read_files(e, things, VD_COUNT(things), 0, false);
    const vd_snap_resource *www = resource_of(s, "arn:aws:s3:::www"), *point = resource_of(s, "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap/object/x");
    vd_snapshot_counts      counts = { .size = sizeof counts };

    VD_UNUSED(state);
    check_compute(s);
    check_shared(s);
    assert_int_equal(node_of(s, "arn:aws:iam::111122223333:user/ann")->keys, 2);
    assert_int_equal(node_of(s, "arn:aws:iam::111122223333:user/ann")->mfa, VD_CERTAIN_NO);
    assert_int_equal(node_of(s, "arn:aws:iam::111122223333:root")->mfa, VD_CERTAIN_YES);
    assert_true(has_note(s, VD_GAP_NOT_COLLECTED, "arn:aws:iam::111122223333:user/old"));
    assert_int_equal(point->behind, vd_snap_resource_find(s, www->arn));
    assert_int_equal(www->access_points.count, 1);
    assert_true(www->complete && resource_of(s, "arn:aws:s3:::logs")->complete); /* the manifest says so */
    assert_int_equal(www->doc, VD_NONE);
    check_cstr(www->state, "{\"acl\":{\"Owner\":{\"ID\":\"c1\"},\"Grants\":[]},\"blockPublicAccess\":[{\"BlockPublicAcls\":true},"
                           "{\"RestrictPublicBuckets\":true}]}");
    check_cstr(resource_of(s, "arn:aws:s3:::logs")->state, "{\"blockPublicAccess\":[{\"RestrictPublicBuckets\":true}]}");
    assert_true(resource_of(s, "arn:aws:sqs:eu-west-1:111122223333:q")->doc != VD_NONE);
    assert_true(resource_of(s, "arn:aws:ecr:eu-west-1:111122223333:repository/team/app")->doc != VD_NONE);
    assert_true(resource_of(s, "arn:aws:kms:eu-west-1:111122223333:key/k-1")->state.n > 0);
    assert_false(resource_of(s, "arn:aws:kms:eu-west-1:111122223333:key/k-1")->complete);
    assert_int_equal(count_notes(s, VD_GAP_UNKNOWN_FILE), 1);
    assert_int_equal(count_notes(s, VD_GAP_NOT_COLLECTED), 3); /* the user of the report, the call of the manifest, the share */
    vd_snapshot_count(s, &counts);
    assert_int_equal(counts.users, 1);
    assert_int_equal(counts.roles, 2);
    vd_snapshot_release(s);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ one file for all */

static const file merged[] = {
    { "snapshot.json",
      "{\"accounts\":{\"111122223333\":{\"authorization-details\":{\"UserDetailList\":[{\"UserName\":\"ann\",\"Path\":\"/\"}]},"
      "\"global\":{\"s3\":{\"www\":{\"policy\":{\"Policy\":{\"Version\":\"2012-10-17\",\"Statement\":[]}}}}},\"odd\":1}},"
      "\"organization\":{\"organization\":{\"Organization\":{\"Id\":\"o-abcdefghij\",\"MasterAccountId\":\"111122223333\"}},"
      "\"roots\":{\"Roots\":[{\"Id\":\"r-ab12\"}]},\"accounts\":{\"r-ab12\":{\"Accounts\":[{\"Id\":\"111122223333\"}]}}}}" },
};

static void test_merged(void **state)
{
    vd_engine   *e = engine();
    vd_snapshot *s = read_files(e, merged, 1, 0, false);

    VD_UNUSED(state);
    node_of(s, "arn:aws:iam::111122223333:user/ann");
    assert_int_not_equal(resource_of(s, "arn:aws:s3:::www")->doc, VD_NONE);
    check_cstr(s->accounts[0].org_path, "o-abcdefghij/r-ab12/");
    assert_int_equal(s->note_count, 2);
    check_cstr(s->notes[0].text, "the policy has no statement");
    check_cstr(s->notes[1].text, "nobody reads \"accounts/111122223333/odd\"");
    vd_snapshot_release(s);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ permission sets */

#define RESERVED(set, hash, policies) \
    "{\"RoleName\":\"AWSReservedSSO_" set "_" hash "\",\"Path\":\"/aws-reserved/sso.amazonaws.com/eu-west-1/\"," \
    "\"AssumeRolePolicyDocument\":" TRUST("arn:aws:iam::111122223333:root") ",\"RolePolicyList\":[" policies "]}"
#define INLINE(action) "{\"PolicyName\":\"AwsSSOInlinePolicy\",\"PolicyDocument\":" ALLOW(action) "}"
#define SET(id, name) \
    { "org/sso/" id "/permission-set.json", \
      "{\"PermissionSet\":{\"Name\":\"" name "\",\"PermissionSetArn\":\"arn:aws:sso:::permissionSet/ssoins-1/" id "\"}}" }
#define ASSIGNED(id, account, who) \
    "{\"AccountId\":\"" account "\",\"PermissionSetArn\":\"arn:aws:sso:::permissionSet/ssoins-1/" id "\",\"PrincipalType\":\"GROUP\"," \
    "\"PrincipalId\":\"" who "\"}"
#define IN_STRING(action) \
    "{\"InlinePolicy\":\"{ \\\"Version\\\":\\\"2012-10-17\\\", \\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"" action \
    "\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}"

static const file centre[] = {
    { HOME "authorization-details.json",
      "{\"RoleDetailList\":[" RESERVED("Read_Only", "0123456789abcdef", INLINE("s3:Get*")) "," RESERVED("Admin", "1123456789abcdef", INLINE("iam:*")) ","
      RESERVED("Plain", "2123456789abcdef", INLINE("sqs:*")) "," RESERVED("Twin", "3123456789abcdef", "") "," ROLE("AWSReservedSSO_Read_Only_fake")
      "[]}]}" },
    { "accounts/222233334444/authorization-details.json", "{\"UserDetailList\":[]}" },
    SET("ps-1", "Read_Only"),
    { "org/sso/ps-1/inline-policy.json", IN_STRING("s3:Get*") },
    { "org/sso/ps-1/managed-policies.json", "{\"AttachedManagedPolicies\":[{\"Name\":\"V\",\"Arn\":\"arn:aws:iam::aws:policy/V\"}]}" },
    { "org/sso/ps-1/assignments/111122223333.json",
      "{\"AccountAssignments\":[" ASSIGNED("ps-1", "111122223333", "g-1") "," ASSIGNED("ps-1", "111122223333", "g-2") ","
      ASSIGNED("ps-1", "111122223333", "g-1") "]}" },
    { "org/sso/ps-1/assignments/222233334444.json",
      "{\"AccountAssignments\":[" ASSIGNED("ps-1", "222233334444", "g-1") "," ASSIGNED("ps-1", "222233334444", "g-2") "]}" },
    { "org/sso/ps-1/assignments/333344445555.json", "{\"AccountAssignments\":[" ASSIGNED("ps-1", "333344445555", "g-1") "]}" },
    SET("ps-2", "Admin"),
    { "org/sso/ps-2/inline-policy.json", IN_STRING("*") },
    SET("ps-3", "Plain"),
    { "org/sso/ps-3/inline-policy.json", "{\"InlinePolicy\":\"\"}" },
    SET("ps-4", "Twin"),
    SET("ps-5", "Twin"),
    { "org/sso/ps-6/managed-policies.json", "{\"AttachedManagedPolicies\":[7],\"NextToken\":\"x\"}" },
};

#define RESERVED_ARN(name) "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_" name

static void test_permission_sets(void **state)
{
    vd_engine                    *e = engine();
    vd_snapshot                  *s = read_files(e, centre, VD_COUNT(centre), 0, false);
    const vd_snap_permission_set *set = s->permission_sets;
    const vd_snap_assignment     *a = s->assignments;
    const vd_snap_node           *reader = node_of(s, RESERVED_ARN("Read_Only_0123456789abcdef"));

    VD_UNUSED(state);
    assert_int_equal(s->permission_set_count, 6);
    check_cstr(set[0].arn, "arn:aws:sso:::permissionSet/ssoins-1/ps-1");
    check_cstr(set[0].name, "Read_Only");
    assert_int_equal(reader->permission_set, 0);
    assert_int_equal(set[0].doc, s->held[reader->held.first].doc); /* in a string there, an object here */
    check_cstr(s->set_managed[set[0].managed.first], "arn:aws:iam::aws:policy/V");
    assert_int_equal(node_of(s, "arn:aws:iam::111122223333:role/AWSReservedSSO_Read_Only_fake")->permission_set, VD_NONE); /* anybody can name one so */
    assert_int_equal(set[0].assignments.count, 5); /* one is there twice */
    assert_ptr_equal(&s->nodes[a[0].role], reader);
    assert_int_equal(a[2].role, VD_NONE);
    assert_int_equal(a[4].account, VD_NONE);
    check_cstr(a[4].account_id, "333344445555");
    assert_true(a[0].group);
    assert_true(has_note(s, VD_GAP_PERMISSION_SET, RESERVED_ARN("Admin_1123456789abcdef")));
    assert_true(has_note(s, VD_GAP_PERMISSION_SET, RESERVED_ARN("Plain_2123456789abcdef")));
    assert_int_equal(node_of(s, RESERVED_ARN("Twin_3123456789abcdef"))->permission_set, VD_NONE);
    assert_int_equal(count_notes(s, VD_GAP_PERMISSION_SET), 5); /* the two, the twins, the account without the role: once */
    assert_int_equal(count_notes(s, VD_GAP_NOT_COLLECTED), 1);  /* the name of ps-6 */
    assert_int_equal(count_notes(s, VD_GAP_UNREADABLE), 1);
    assert_int_equal(count_notes(s, VD_GAP_TRUNCATED), 1);
    vd_snapshot_release(s);
    vd_engine_release(e);
    check_order(centre, VD_COUNT(centre));
}

/* ------------------------------------------------------------------ what the manifest says, and what is there twice */

static const file twice[] = {
    { HOME "authorization-details.json", "{\"UserDetailList\":[{\"UserName\":\"ann\",\"Path\":\"/\"}]}" },
    { HOME "authorization-details-2.json", "{\"UserDetailList\": [{\"UserName\":\"ann\",\"Path\":\"/\"}]}" },
    { "manifest.json", "{\"format\":1,\"complete\":[\"org\"]}" },
    { HOME "authorization-details-3.json", "{\"UserDetailList\":[{\"UserName\":\"bob\",\"Path\":\"/\"}]}" },
    { "org/organization.json", "{\"Organization\":{\"Id\":\"o-abcdefghij\",\"MasterAccountId\":\"111122223333\"}}" },
};

static void check_twice(size_t count, uint32_t duplicates, uint32_t absent)
{
    vd_engine   *e = engine();
    vd_snapshot *s = read_files(e, twice, count, 0, false);

    assert_int_equal(count_notes(s, VD_GAP_DUPLICATE), duplicates);
    assert_int_equal(count_notes(s, VD_GAP_NOT_COLLECTED), absent);
    vd_snapshot_release(s);
    vd_engine_release(e);
}

static void test_twice(void **state)
{
    VD_UNUSED(state);
    check_twice(2, 0, 0);
    check_twice(3, 0, 1); /* the organization */
    check_twice(4, 1, 1);
    check_twice(5, 1, 0);
    check_order(twice, VD_COUNT(twice));
}

/* ------------------------------------------------------------------ bad input */

static const file bad[] = {
    { HOME "authorization-details-1.json", "{\"UserDetailList\":[{\"UserName\":\"ann\",\"Path\":\"/\"},7],\"IsTruncated\":true}" },
    { HOME "authorization-details-2.json",
      "{\"UserDetailList\":[{\"UserName\":\"ann\",\"Path\":\"/\",\"Tags\":[{\"Key\":\"a\",\"Value\":\"b\"}],"
      "\"UserPolicyList\":[{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Version\":\"2015-01-01\",\"Statement\":[]}},"
      "{\"PolicyName\":\"q\",\"PolicyDocument\":\"{\\\"Version\\\": oops\"}]}],"
      "\"Policies\":[{\"Arn\":\"arn:aws:iam::111122223333:policy/P\",\"PolicyName\":\"P\",\"DefaultVersionId\":\"v9\",\"PolicyVersionList\":"
      "[{\"VersionId\":\"v1\",\"IsDefaultVersion\":false,\"Document\":" ALLOW("*") "}]}],\"IsTruncated\":true}" },
    { HOME "global/s3/cut/policy.json", "{\"Policy\":\"{\\\"Version\\\":" },
    { "org/organization.json", "{\"Organization\":{\"Id\":\"o-abcdefghij\",\"MasterAccountId\":\"999988887777\"}}" },
    { "org/roots.json", "{\"Roots\":[{\"Id\":\"r-1\"}]}" },
    { "org/ous/ou-a.json", "{\"OrganizationalUnits\":[{\"Id\":\"ou-b\"}]}" },
    { "org/ous/ou-b.json", "{\"OrganizationalUnits\":[{\"Id\":\"ou-a\"}]}" },
    { "org/ous/ou-lost.json", "{\"OrganizationalUnits\":[{\"Id\":\"ou-c\"}]}" },
    { "org/accounts/ou-b.json", "{\"Accounts\":[{\"Id\":\"222233334444\"}]}" },
    { "org/accounts/ou-c.json", "{\"Accounts\":[{\"Id\":\"222233334444\"},{\"Id\":\"333344445555\"}]}" },
};

static void test_bad(void **state)
{
    vd_engine   *e = engine();
    vd_snapshot *s = read_files(e, bad, VD_COUNT(bad), 0, false);

    VD_UNUSED(state);
    assert_int_equal(count_notes(s, VD_GAP_TRUNCATED), 1);
    assert_int_equal(count_notes(s, VD_GAP_DUPLICATE), 1); /* ann; the first counts */
    assert_int_equal(node_of(s, "arn:aws:iam::111122223333:user/ann")->held.count, 0);
    assert_int_equal(count_notes(s, VD_GAP_MISSING_VERSION), 1);
    assert_int_equal(s->managed[0].doc, VD_NONE);
    assert_int_equal(count_notes(s, VD_GAP_UNREADABLE), 2); /* the 7, and the file that was cut off */
    assert_true(count_notes(s, VD_GAP_ORGANIZATION) >= 4);  /* the cycle, the orphan, the account in two places, the one in none */
    assert_true(s->accounts[1].scp_missing);
    assert_int_equal(s->accounts[0].in_org, VD_CERTAIN_NOBODY_SAID);
    vd_snapshot_release(s);
    vd_engine_release(e);
    check_order(bad, VD_COUNT(bad));
}

static void test_order_things(void **state)
{
    VD_UNUSED(state);
    check_order(things, VD_COUNT(things));
    check_order(merged, VD_COUNT(merged));
}

/* ------------------------------------------------------------------ for the evaluator */

static void test_attach(void **state)
{
    vd_engine   *e = engine();
    vd_snapshot *s = read_files(e, small, VD_COUNT(small), 0, false);
    vd_builder  *b;
    vd_set      *set;
    vd_request  *r;
    vd_str       ann = VD_S("arn:aws:iam::111122223333:user/ann"), object = VD_S("arn:aws:s3:::www/x");

    VD_UNUSED(state);
    assert_int_equal(vd_builder_new(&b, e, NULL), VD_OK);
    assert_int_equal(vd_snapshot_attach(s, b, ann, object, NULL), VD_OK);
    assert_int_equal(vd_builder_compile(&set, b, NULL, NULL), VD_OK);
    assert_int_equal(vd_set_policies(set), 5); /* own, P, the group's, the bucket's, FullAWSAccess */
    vd_set_release(set);
    vd_builder_free(b);
    assert_int_equal(vd_request_new(&r, e, NULL), VD_OK);
    assert_int_equal(vd_request_set(r, VD_PRINCIPAL, ann), VD_OK);
    assert_int_equal(vd_request_set(r, VD_ACTION, VD_S("s3:GetObject")), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE, object), VD_OK);
    assert_int_equal(vd_snapshot_fill(s, r, NULL), VD_OK);
    check_cstr(r->field[VD_PRINCIPAL_ORG], "o-abcdefghij");
    check_cstr(r->field[VD_PRINCIPAL_ID], "AIDAEXAMPLEANN000000A");
    check_cstr(r->field[VD_RESOURCE_ACCOUNT], "111122223333");
    assert_true(r->state && r->state->restrict_public_buckets);
    vd_request_free(r);
    vd_snapshot_release(s);
    vd_engine_release(e);
}

/* Every allocation fails once. */
static void all_fail(const file *files, size_t count)
{
    for (size_t n = 1;; n++) {
        failing_alloc       f = { .fail_at = n };
        vd_allocator        a = failing_allocator(&f);
        vd_engine_opts      opts = { .size = sizeof opts, .allocator = &a };
        vd_engine          *e = NULL;
        vd_snapshot_reader *r = NULL;
        vd_snapshot        *s = NULL;
        vd_code             code = vd_engine_new(&e, &opts, NULL);

        if (code == VD_OK)
            code = vd_snapshot_reader_new(&r, e, NULL, NULL);
        for (size_t i = 0; (code == VD_OK || code == VD_ESYNTAX) && i < count; i++)
            code = vd_snapshot_read(r, vd_str_of(files[i].path), VD_S(""), vd_str_of(files[i].text), NULL);
        if (code == VD_OK)
            code = vd_snapshot_finish(&s, r, NULL);
        vd_snapshot_release(s);
        vd_snapshot_reader_free(r);
        vd_engine_release(e);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed)
            break;
        assert_int_equal(code, VD_ENOMEM);
    }
}

static void test_alloc(void **state)
{
    VD_UNUSED(state);
    all_fail(small, VD_COUNT(small));
    all_fail(things, VD_COUNT(things));
    all_fail(merged, VD_COUNT(merged));
    all_fail(centre, VD_COUNT(centre));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_things),
        cmocka_unit_test(test_order_things),
        cmocka_unit_test(test_merged),
        cmocka_unit_test(test_permission_sets),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_attach),
        cmocka_unit_test(test_alloc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
