/* SPDX-License-Identifier: Apache-2.0
 *
 * A set: policies, where each is attached, compiled to decision trees in one block of bytes.  Immutable, counted,
 * position-independent; the same input always gives the same bytes.
 */
#ifndef VERDICT_SET_H
#define VERDICT_SET_H

#include <verdict/policy.h>
#include <verdict/request.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_builder vd_builder;
typedef struct vd_set vd_set;

typedef int32_t vd_layer;
enum {
    VD_LAYER_NONE = -1,
    VD_LAYER_IDENTITY = 0,
    VD_LAYER_BOUNDARY = 1,
    VD_LAYER_SESSION = 2,
    VD_LAYER_RESOURCE = 3, /* trust and key policies too */
    VD_LAYER_SCP = 4,
    VD_LAYER_RCP = 5,
    VD_LAYER_ENDPOINT = 6,
    VD_LAYER_ACCESS_POINT = 7, /* E759 */
    VD_LAYER_COUNT = 8
};
VD_API const char *vd_layer_name(vd_layer layer); /* "identity" ...; "" for none */

/* Where a document is attached.  Empty strings mean "whatever the request is": a set for one question needs no more
 * than the layer.  In a set for many, principal names the user or role ARN that identity, boundary and session
 * documents belong to, resource the ARN of the resource (a bucket for its objects), account the account whose path
 * an SCP or RCP lies on. */
typedef struct vd_attach {
    size_t   size;
    vd_layer layer;
    uint32_t level;  /* SCP, RCP: 0 is the root of the organization */
    vd_str   target; /* SCP, RCP: name of the level, "r-root", for explanations */
    vd_str   principal;
    vd_str   resource;
    vd_str   account;
} vd_attach;

typedef struct vd_compile_opts {
    size_t size;
    bool   strip_sources; /* leave policy texts out: smaller, and no explanation */
} vd_compile_opts;

VD_API vd_code vd_builder_new(vd_builder **out, const vd_engine *engine, vd_error *err);
VD_API void    vd_builder_free(vd_builder *builder);
/* Retains the policy.  A policy may be attached many times. */
VD_API vd_code vd_builder_add(vd_builder *builder, vd_policy *policy, const vd_attach *where, vd_error *err);
/* Says that a level of SCPs or RCPs exists; one without documents makes decisions that ask it fail (E706). */
VD_API vd_code vd_builder_level(vd_builder *builder, const vd_attach *where, vd_error *err);
VD_API vd_code vd_builder_compile(vd_set **out, vd_builder *builder, const vd_compile_opts *opts, vd_error *err);

/* Maps a bundle and proves it, evaluates in place.  What one request alone may need of a large one (the slots of a tree, the
 * texts of its policies) is proved when it is first asked for, by whichever thread comes first.  What is mapped must not change: replace the file by renaming a new
 * one over it, as vd_set_save does, never write into it. */
VD_API vd_code vd_set_open(vd_set **out, const vd_engine *engine, const char *path, vd_error *err);
VD_API vd_code vd_set_load(vd_set **out, const vd_engine *engine, vd_str bytes, vd_error *err);     /* copy, check */
VD_API vd_code vd_set_save(const vd_set *set, const char *path, vd_error *err);
VD_API vd_str  vd_set_bytes(const vd_set *set); /* the block itself */
VD_API vd_set *vd_set_retain(vd_set *set);
VD_API void    vd_set_release(vd_set *set);

VD_API vd_key vd_set_key(const vd_set *set, vd_str key); /* 0: no policy of the set asks for it; binding it is fine */

/* What is in it. */
typedef struct vd_statement_info {
    size_t   size;
    vd_str   policy;
    vd_layer layer;
    vd_str   sid;
    uint32_t index; /* in the document, from 0 */
    vd_pos   at;
    bool     deny;
    bool     malformed; /* an Allow that matches nothing, a Deny that makes an ERROR of every decision it bears on */
} vd_statement_info;

VD_API uint32_t vd_set_policies(const vd_set *set);
VD_API size_t   vd_set_hot_bytes(const vd_set *set); /* of the block: what evaluation reads, texts aside */
VD_API uint32_t vd_set_statements(const vd_set *set);
VD_API vd_str   vd_set_policy_name(const vd_set *set, uint32_t policy);
VD_API vd_str   vd_set_policy_text(const vd_set *set, uint32_t policy); /* empty when stripped, or damaged */
/* No decision reads the texts, so vd_set_open leaves them alone; what becomes of that is known when one is first asked for.
 * False: they are damaged, and given to nobody. */
VD_API bool     vd_set_texts_good(const vd_set *set);
VD_API vd_code  vd_set_statement(const vd_set *set, uint32_t policy, uint32_t statement, vd_statement_info *out);

/* The tree for people. */
enum { VD_DUMP_TEXT = 0, VD_DUMP_DOT = 1 };
typedef bool vd_write(void *user, vd_str text); /* false: stop */
VD_API vd_code vd_set_dump(const vd_set *set, int32_t form, vd_write *write, void *user, vd_error *err);

/* Replacement under load.  A reader belongs to one thread; it keeps its set and pays one atomic load per request to
 * learn of a new one.  The old set is freed when its last reader has moved on. */
typedef struct vd_live vd_live;
typedef struct vd_reader vd_reader;
VD_API vd_code vd_live_new(vd_live **out, const vd_engine *engine, vd_set *first, vd_error *err); /* retains first */
VD_API void    vd_live_free(vd_live *live); /* after its readers */
VD_API void    vd_live_replace(vd_live *live, vd_set *next); /* retains next (NULL: nothing happens); any thread */
VD_API vd_code vd_reader_new(vd_reader **out, vd_live *live, vd_error *err);
VD_API void    vd_reader_free(vd_reader *reader);
VD_API vd_set *vd_reader_set(vd_reader *reader); /* borrowed until the next call on this reader */

#ifdef __cplusplus
}
#endif
#endif
