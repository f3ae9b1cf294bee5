/* SPDX-License-Identifier: Apache-2.0
 *
 * Reports in JSON: one row a kind says which list they hold, and in its elements whom an element is about, which item of
 * theirs, and as of when.  The values are kept as they are, without white space.
 */
#include "base/buf.h"
#include "base/str.h"
#include "pattern/value.h"
#include "text/doc.h"
#include "usage/usage_int.h"

enum { MOST_VALUES = 1 << 16 };

typedef struct report_row {
    vd_str key;              /* the member that tells the kind */
    vd_str list;             /* the list with the elements; empty: the report is the only one */
    vd_str kind;
    vd_str subject, item;    /* members of the element, "a.b"; subject "": who the report is about is told elsewhere */
    vd_str time;             /* of the element, or else of the report */
    vd_str inner, inner_item; /* a list within the element whose elements are items of their own */
} report_row;

static const report_row rows[] = {
    { VD_L("ServicesLastAccessed"), VD_L("ServicesLastAccessed"), VD_L("access-advisor"), VD_L(""), VD_L("ServiceNamespace"),
      VD_L("JobCompletionDate"), VD_L("TrackedActionsLastAccessed"), VD_L("ActionName") },
    { VD_L("EntityDetailsList"), VD_L("EntityDetailsList"), VD_L("access-advisor-entity"), VD_L("EntityInfo.Arn"),
      VD_L("EntityInfo.Path"), VD_L("LastAuthenticated"), VD_L(""), VD_L("") },
    { VD_L("AccessDetails"), VD_L("AccessDetails"), VD_L("access-advisor-org"), VD_L("EntityPath"), VD_L("ServiceNamespace"),
      VD_L("JobCompletionDate"), VD_L(""), VD_L("") },
    { VD_L("RoleDetailList"), VD_L("RoleDetailList"), VD_L("identity"), VD_L("Arn"), VD_L("RoleId"), VD_L("RoleLastUsed.LastUsedDate"),
      VD_L(""), VD_L("") },
    { VD_L("UserDetailList"), VD_L("UserDetailList"), VD_L("identity"), VD_L("Arn"), VD_L("UserId"), VD_L("CreateDate"), VD_L(""),
      VD_L("") },
    { VD_L("AccessKeyLastUsed"), VD_L(""), VD_L("key-use"), VD_L("UserName"), VD_L("AccessKeyLastUsed.ServiceName"),
      VD_L("AccessKeyLastUsed.LastUsedDate"), VD_L(""), VD_L("") },
    { VD_L("findings"), VD_L("findings"), VD_L("unused-finding"), VD_L("resource"), VD_L("id"), VD_L("updatedAt"), VD_L(""), VD_L("") },
    { VD_L("findingType"), VD_L(""), VD_L("unused-finding"), VD_L("resource"), VD_L("id"), VD_L("updatedAt"), VD_L(""), VD_L("") },
    { VD_L("recommendedSteps"), VD_L(""), VD_L("unused-recommendation"), VD_L("resourceArn"), VD_L("recommendationType"),
      VD_L("completedAt"), VD_L(""), VD_L("") },
    { VD_L("trailList"), VD_L("trailList"), VD_L("trail-config"), VD_L("TrailARN"), VD_L("Name"), VD_L(""), VD_L(""), VD_L("") },
    { VD_L("Trail"), VD_L(""), VD_L("trail-config"), VD_L("Trail.TrailARN"), VD_L("Trail.Name"), VD_L(""), VD_L(""), VD_L("") },
    { VD_L("IsLogging"), VD_L(""), VD_L("trail-status"), VD_L("TrailARN"), VD_L(""), VD_L("LatestDeliveryTime"), VD_L(""), VD_L("") },
    { VD_L("EventSelectors"), VD_L(""), VD_L("trail-selectors"), VD_L("TrailARN"), VD_L(""), VD_L(""), VD_L(""), VD_L("") },
    { VD_L("AdvancedEventSelectors"), VD_L(""), VD_L("trail-selectors"), VD_L("TrailARN"), VD_L(""), VD_L(""), VD_L(""), VD_L("") },
};

/* Members of these objects would make a summary as large as the policies of an account. */
static const vd_str left_out[] = { VD_L("AssumeRolePolicyDocument"), VD_L("RolePolicyList"), VD_L("UserPolicyList"),
                                   VD_L("AttachedManagedPolicies"), VD_L("InstanceProfileList"), VD_L("TrackedActionsLastAccessed") };

static const vd_str trail_status_kind = VD_L("trail-status"), base64_report = VD_L("Content"), wrapped = VD_L("Details");

bool vd_report_knows(vd_str key)
{
    for (size_t i = 0; i < VD_COUNT(rows); i++)
        if (vd_str_eq(key, rows[i].key))
            return true;
    return vd_str_eq(key, base64_report) || vd_str_eq(key, wrapped);
}

/* ------------------------------------------------------------------ values */

static vd_str find(vd_str object, vd_str path)
{
    vd_str step;

    while (vd_str_cut(&path, '.', &step))
        object = vd_scan_find(object, step);
    return path.n ? vd_scan_find(object, path) : (vd_str){ 0 };
}

static vd_str text_of(vd_usage *u, vd_str object, vd_str path)
{
    vd_str text = { 0 };

    if (!vd_scan_text(find(object, path), &u->scratch, &text))
        vd_usage_nomem(u);
    return text;
}

/* Without white space between the tokens. */
static void compact(vd_buf *b, vd_str value)
{
    bool string = false;

    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];

        if (!string && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
            continue;
        if (c == '"')
            string = !string;
        vd_buf_byte(b, c);
        if (string && c == '\\' && i + 1 < value.n)
            vd_buf_byte(b, value.p[++i]);
    }
}

static bool wanted(vd_str key)
{
    for (size_t i = 0; i < VD_COUNT(left_out); i++)
        if (vd_str_eq(key, left_out[i]))
            return false;
    return true;
}

static void keep_members(vd_buf *b, vd_str object)
{
    const char *p = object.p + 1, *end = object.p + object.n, *at, *next;
    const char *comma = "";
    vd_str      key;

    vd_buf_byte(b, '{');
    while (vd_scan_member(p, end, &key, &at) == VD_SCAN_OK && key.p && vd_scan_value(at, end, &next) == VD_SCAN_OK) {
        vd_str value = { at, (size_t)(next - at) };

        if (wanted(key) && value.n < MOST_VALUES) {
            vd_buf_printf(b, "%s\"" VD_F "\":", comma, VD_A(key));
            compact(b, value);
            comma = ",";
        }
        p = next;
    }
    vd_buf_byte(b, '}');
}

/* ------------------------------------------------------------------ elements */

typedef struct report {
    vd_usage         *u;
    const report_row *row;
    vd_str            text, subject;
    int64_t           as_of;
} report;

static int64_t time_of(report *r, vd_str element)
{
    vd_str  text = text_of(r->u, element, r->row->time);
    int64_t time;

    return text.n && vd_usage_time(&time, text) && time >= 0 ? time : r->as_of;
}

static bool add(report *r, vd_str element, vd_str item)
{
    vd_str own = r->row->subject.n ? text_of(r->u, element, r->row->subject) : r->subject, subject = own.n ? own : r->subject;
    vd_buf b = vd_buf_on(&r->u->engine->alloc, 0);
    bool   good;

    keep_members(&b, element);
    good = !b.failed && vd_usage_evidence_add(r->u, r->row->kind, subject, item, time_of(r, element), vd_buf_str(&b));
    if (b.failed)
        vd_usage_nomem(r->u);
    vd_buf_done(&b);
    return good;
}

/* The actions of a service: "s3:GetObject". */
static bool add_inner(report *r, vd_str element, vd_str item)
{
    vd_str list = vd_scan_find(element, r->row->inner), inner, name;

    while (r->row->inner.n && vd_scan_element(&list, &inner)) {
        if (!vd_arena_printf(&r->u->scratch, &name, VD_F ":" VD_F, VD_A(item), VD_A(text_of(r->u, inner, r->row->inner_item))))
            return vd_usage_nomem(r->u);
        if (!add(r, inner, name))
            return false;
    }
    return true;
}

static bool add_element(report *r, vd_str element)
{
    vd_str item = text_of(r->u, element, r->row->item);

    r->u->record++;
    if (element.n && element.p[0] == '{')
        return add(r, element, item) && add_inner(r, element, item);
    vd_usage_note_at(r->u, VD_U_BAD_DOCUMENT, 0, "element %llu of \"" VD_F "\" is no object", (unsigned long long)r->u->record,
                     VD_A(r->row->list));
    return true;
}

static void add_all(report *r)
{
    vd_str list = r->text, element;

    if (!r->row->list.n) {
        add_element(r, r->text);
        return;
    }
    list = vd_scan_find(r->text, r->row->list);
    while (vd_scan_element(&list, &element))
        if (!add_element(r, element))
            return;
}

/* ------------------------------------------------------------------ reports */

static void refuse(vd_usage *u, vd_usage_code code)
{
    vd_usage_note_at(u, code, 0, VD_F, VD_A(vd_usage_code_text(code)));
    vd_usage_count(u, VD_C_FILES_FAILED);
    u->lost = true;
}

/* Whom a report of the last accesses is about does not stand in it. */
static bool access_advisor(report *r)
{
    vd_str status = text_of(r->u, r->text, VD_S("JobStatus"));

    if (status.n && !vd_str_eq(status, VD_S("COMPLETED"))) {
        refuse(r->u, VD_U_AA_NOT_COMPLETED);
        return false;
    }
    r->subject = r->subject.n ? r->subject : r->u->principal;
    if (!r->row->subject.n && !r->subject.n) {
        refuse(r->u, VD_U_AA_NO_SUBJECT);
        return false;
    }
    if (vd_str_eq(vd_scan_find(r->text, VD_S("IsTruncated")), VD_S("true")))
        vd_usage_note_at(r->u, VD_U_AA_TRUNCATED, 0, VD_F, VD_A(vd_usage_code_text(VD_U_AA_TRUNCATED)));
    return true;
}

/* Nor of which trail its status is, unless somebody wrote it in. */
static bool trail_status(report *r)
{
    r->subject = text_of(r->u, r->text, r->row->subject);
    r->subject = r->subject.n ? r->subject : r->u->principal;
    if (!r->subject.n)
        refuse(r->u, VD_U_AA_NO_SUBJECT);
    return r->subject.n > 0;
}

/* {"Content": "..."}: a credential report in base64. */
static void credentials(vd_usage *u, vd_str content)
{
    const vd_allocator *alloc = &u->engine->alloc;
    size_t              room = content.n / 4 * 3 + 4, n = 0;
    uint8_t            *bytes = vd_alloc(alloc, room);
    vd_window           outer = u->window;

    if (!bytes) {
        vd_usage_nomem(u);
        return;
    }
    if (!vd_base64_decode(bytes, &n, content) || !vd_window_init(&u->window, alloc, n + 1, n + 1)) {
        u->window = outer;
        refuse(u, VD_U_BAD_DOCUMENT);
    } else {
        vd_window_open(&u->window, NULL);
        memcpy(u->window.buffer, bytes, n);
        vd_window_filled(&u->window, n);
        vd_table_read(u);
        vd_window_done(&u->window);
        u->window = outer;
    }
    vd_free(alloc, bytes, room);
}

static bool is_whole(vd_usage *u, vd_str text)
{
    vd_source source = { .name = u->unit.id, .text = text };
    vd_arena  arena = vd_arena_on(&u->engine->alloc, 0);
    vd_limits limits;
    vd_error  err = { .size = sizeof err };
    vd_doc    doc;
    vd_code   code;

    vd_engine_limits(u->engine, &limits);
    code = vd_json_read(&doc, &arena, &source, &limits, NULL, NULL, &err);
    vd_arena_done(&arena);
    if (code == VD_ENOMEM)
        return vd_usage_nomem(u);
    if (code == VD_OK)
        return true;
    vd_usage_note_at(u, VD_U_BAD_DOCUMENT, err.at.offset, "%s", err.text);
    vd_usage_count(u, VD_C_FILES_FAILED);
    u->lost = true;
    return false;
}

static void read_rows(vd_usage *u, vd_str text, vd_str subject)
{
    for (size_t i = 0; i < VD_COUNT(rows) && u->code == VD_OK && !u->lost; i++) {
        report r = { .u = u, .row = &rows[i], .text = text, .subject = subject };

        if (!vd_scan_find(text, rows[i].key).n)
            continue;
        r.as_of = time_of(&r, text);
        if (vd_str_starts(rows[i].kind, VD_S("access-advisor")) && !access_advisor(&r))
            return;
        if (vd_str_eq(rows[i].kind, trail_status_kind) && !trail_status(&r))
            return;
        add_all(&r);
    }
}

void vd_report_read(vd_usage *u, vd_str text)
{
    vd_str details, content;

    if (!is_whole(u, text))
        return;
    details = vd_scan_find(text, wrapped);
    content = vd_scan_find(text, base64_report);
    if (content.n > 2 && content.p[0] == '"')
        credentials(u, (vd_str){ content.p + 1, content.n - 2 });
    else if (details.n && details.p[0] == '{')
        read_rows(u, details, text_of(u, text, VD_S("Arn")));
    else
        read_rows(u, text, (vd_str){ 0 });
    vd_arena_reset(&u->scratch);
}
