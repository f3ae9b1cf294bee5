/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading snapshots: what is in them, what is missing in them, and that neither hangs on the order of files.
 */
#include "unit.h"

#include "base/buf.h"
#include "failing_alloc.h"
#include "model/snapshot.h"
#include "policy/policy.h"

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

/* Every allocation fails once. */
static void test_alloc(void **state)
{
    VD_UNUSED(state);
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
        for (size_t i = 0; code == VD_OK && i < VD_COUNT(small); i++)
            code = vd_snapshot_read(r, vd_str_of(small[i].path), VD_S(""), vd_str_of(small[i].text), NULL);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_alloc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
