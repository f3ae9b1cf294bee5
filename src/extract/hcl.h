/* SPDX-License-Identifier: Apache-2.0
 *
 * Where in a Terraform configuration something of a plan was written.  The text is only tokenised: strings, heredocs,
 * comments, braces; nothing is evaluated.  Files are read by the caller.
 */
#ifndef VERDICT_EXTRACT_HCL_H
#define VERDICT_EXTRACT_HCL_H

#include "base/engine.h"
#include "extract/extract.h"

/* A block: resource "type" "name" or data "type" "name". */
typedef struct vd_hcl_block {
    uint32_t file;
    bool     data;
    vd_str   type, name;
    vd_span  header, body; /* up to the name's closing quote; between the braces */
} vd_hcl_block;

/* A comment that speaks to us: "verdict: ignore rule -- reason", without its marks.  Behind something it is about its line,
 * behind the header of a block about that block; on lines of its own about the argument or block that follows. */
typedef struct vd_hcl_comment {
    uint32_t file, block; /* block VD_NONE: neither in one nor before one */
    vd_span  span, about;
    vd_str   text;
} vd_hcl_comment;

typedef struct vd_hcl {
    vd_arena        arena;
    vd_source      *files;
    uint32_t        file_count;
    vd_hcl_block   *blocks;
    uint32_t        block_count, block_cap;
    vd_hcl_comment *comments;
    uint32_t        comment_count, comment_cap;
} vd_hcl;

/* names with "/" between folders, relative to the folder of the root module: "main.tf", "modules/queue/main.tf".  Names and
 * texts are borrowed.  A text that is no HCL has no blocks; fails only without memory. */
vd_code vd_hcl_read(vd_hcl *out, const vd_engine *engine, const vd_source *files, uint32_t count,
                    vd_error *err);
void    vd_hcl_done(vd_hcl *h);

typedef struct vd_hcl_place {
    vd_pos   at; /* of the token without its quotes, else of the block's header */
    uint32_t block;
    bool     exact; /* it is the token, and the only one in the block */
} vd_hcl_place;

/* token: decoded, as it stands in the policy; empty: the block itself.  False: there is no such block. */
bool vd_hcl_find(const vd_hcl *h, const vd_extraction *plan, vd_str address, vd_str token, vd_hcl_place *out);
/* Does the block say the token, and nowhere but within? */
bool vd_hcl_says_within(const vd_hcl *h, uint32_t block, vd_str token, vd_span within);
/* For a policy of a plan: the document it comes from, else the resource that has it. */
bool vd_hcl_find_token(const vd_hcl *h, const vd_extraction *plan, const vd_extracted *e, vd_str token,
                       vd_hcl_place *out);

#endif
