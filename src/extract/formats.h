/* SPDX-License-Identifier: Apache-2.0
 *
 * What the formats share: the text they look at, and how they hand out what they found.  A format is a row: its name, how
 * it is recognised by its content, how its policies are taken out.  The first row that fits wins.
 */
#ifndef VERDICT_EXTRACT_FORMATS_H
#define VERDICT_EXTRACT_FORMATS_H

#include "base/engine.h"
#include "extract/extract.h"

/* One document of a file: the whole, one line of JSON Lines, one of several YAML documents. */
typedef struct vd_input {
    vd_extraction         *x;
    const vd_engine       *engine;
    const vd_extract_opts *opts;
    const vd_doc          *doc;
    vd_str                 part; /* "line 3" of a file of many documents; empty: the only one */
    vd_diags              *notes;
    vd_error              *err;
} vd_input;

typedef struct vd_format {
    const char *name;
    bool (*is)(const vd_input *in);
    vd_code (*extract)(const vd_input *in);
} vd_format;

extern const vd_format vd_formats[];
extern const size_t    vd_format_count;

/* ------------------------------------------------------------------ handing out */

/* What a property takes: JSON text in the wrong place or text that is no JSON is a remark. */
typedef enum vd_takes {
    VD_TAKES_EITHER, /* an object or text */
    VD_TAKES_OBJECT,
    VD_TAKES_TEXT
} vd_takes;

/* A row like `like`, which has everything but the document: variant, policy (its own number) and the empty texts are
 * filled.  NULL: no memory. */
vd_extracted *vd_extract_add(const vd_input *in, const vd_extracted *like);

/* The policy that node of doc is or holds: an object; or a string of JSON, of percent-encoded JSON, of both.  *out: the
 * row, NULL when there is no policy (null and empty texts are skipped, other kinds remarked). */
vd_code vd_extract_policy(const vd_input *in, const vd_extracted *like, const vd_doc *doc, uint32_t node, vd_takes takes,
                          vd_extracted **out);

/* Would vd_extract_policy find one?  Cheap, and false when unsure: for guesses. */
bool vd_extract_is_policy(const vd_doc *doc, uint32_t node);      /* an object with Statement */
bool vd_extract_maybe_policy(const vd_doc *doc, uint32_t node);   /* the same, or a string that begins like one */

bool vd_extract_fact(const vd_input *in, vd_extracted *e, const char *name, vd_str value, vd_pos at);
bool vd_extract_remark(const vd_input *in, const char *rule, const vd_doc *doc, uint32_t node, vd_str container,
                       const char *format, ...) VD_PRINTF(6, 7);
bool vd_extract_attach(const vd_input *in, const vd_doc *doc, uint32_t node, vd_str arn, vd_str container,
                       uint32_t entity);
bool vd_extract_unresolved(const vd_input *in, const vd_doc *doc, uint32_t node, vd_str container, const char *format,
                           ...) VD_PRINTF(5, 6);

/* Remarks on managed policies of AWS that the document attaches, from this one on.  False: no memory. */
bool vd_extract_check_attached(const vd_input *in, uint32_t first);

/* ------------------------------------------------------------------ looking */

/* The node at a path of members, "Policy.PolicySummary.Type"; VD_NONE: it is not there. */
uint32_t vd_extract_at(const vd_doc *doc, uint32_t node, const char *path);
bool     vd_extract_is(const vd_doc *doc, uint32_t node, vd_node_kind kind); /* false for VD_NONE */
vd_str   vd_extract_string(const vd_doc *doc, uint32_t node); /* of a string; empty: it is none */
/* Of the first members only: for what is asked again and again of objects that have few. */
uint32_t vd_extract_nearby(const vd_doc *doc, uint32_t object, vd_str name);
uint32_t vd_extract_nth(const vd_doc *doc, uint32_t array, uint32_t index); /* of the first thousand */
vd_str   vd_extract_member(const vd_doc *doc, uint32_t node, const char *name); /* of the string member; else empty */

/* base + "/" + the member's name, or the index of an element, as a JSON pointer.  False: no memory. */
bool vd_pointer_member(vd_arena *arena, vd_str *out, vd_str base, vd_str member);
bool vd_pointer_index(vd_arena *arena, vd_str *out, vd_str base, uint32_t index);

/* ------------------------------------------------------------------ texts in texts */

/* Text with percent triplets decoded, as a source below `outer` whose pieces lead back to them. */
vd_code vd_extract_percent(vd_source **out, vd_arena *arena, const vd_source *outer, vd_error *err);

/* ------------------------------------------------------------------ the formats */

bool    vd_is_bare(const vd_input *in);
bool    vd_is_nearly_bare(const vd_input *in);
vd_code vd_extract_bare(const vd_input *in);
bool    vd_is_aws_cli(const vd_input *in);
vd_code vd_extract_aws_cli(const vd_input *in);
bool    vd_is_account_details(const vd_input *in);
vd_code vd_extract_account_details(const vd_input *in);
bool    vd_is_scenario(const vd_input *in);
vd_code vd_extract_scenario(const vd_input *in);
bool    vd_is_kubernetes(const vd_input *in);
vd_code vd_extract_kubernetes(const vd_input *in);
bool    vd_is_cloudformation(const vd_input *in);
vd_code vd_extract_cloudformation(const vd_input *in);
bool    vd_is_serverless(const vd_input *in);
vd_code vd_extract_serverless(const vd_input *in);
bool    vd_is_terraform(const vd_input *in);
vd_code vd_extract_terraform(const vd_input *in);
bool    vd_is_wrapper(const vd_input *in);
vd_code vd_extract_wrapper(const vd_input *in);

#endif
