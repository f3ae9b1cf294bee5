/* SPDX-License-Identifier: Apache-2.0
 *
 * From a plan to the configuration it was made of: findings move to where somebody wrote what they are about, to the token
 * when the block has one like it, else to the block.  What is found nowhere stays in the plan.
 */
#include "lint/source.h"

#include "base/error.h"
#include "base/str.h"
#include "base/utf8.h"

vd_code vd_lint_sources_read(vd_linter *l, const vd_lint_text *sources, uint32_t count, vd_error *err)
{
    vd_source *files = vd_arena_new_array(&l->arena, vd_source, count ? count : 1);

    l->source_names = vd_arena_new_array(&l->arena, vd_str, count ? count : 1);
    if (!files || !l->source_names)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < count; i++) {
        const vd_lint_text *s = &sources[i];

        if (!vd_arena_dup(&l->arena, &l->source_names[i], s->name) ||
            !vd_arena_dup(&l->arena, &files[i].text, s->text))
            return vd_fail_nomem(err);
        files[i].name = l->source_names[i];
        if (vd_str_starts(files[i].name, s->base))
            files[i].name = vd_str_from(files[i].name, s->base.n);
    }
    return vd_hcl_read(&l->sources, l->engine, files, count, err);
}

bool vd_lint_is_plan(const vd_file_run *run)
{
    return run->linter->sources.block_count && run->found.format &&
           strcmp(run->found.format, "terraform-plan") == 0;
}

vd_range vd_lint_source_range(const vd_linter *l, uint32_t file, vd_span span)
{
    const vd_source *s = &l->sources.files[file];
    vd_str           text = vd_str_first(vd_str_from(s->text, span.offset), span.length);
    vd_range         r = { .at = vd_source_pos(s, span) };

    r.at.file = l->source_names[file];
    r.end_line = r.at.line;
    r.end_column = r.at.column + vd_utf8_columns(vd_str_first(text, vd_str_find(text, '\n')));
    return r;
}

static vd_range range_of(const vd_linter *l, const vd_hcl_place *place)
{
    return vd_lint_source_range(l, l->sources.blocks[place->block].file,
                                (vd_span){ place->at.offset, place->at.length });
}

static void mark_block(const vd_file_run *run, vd_str address, bool *blocks)
{
    vd_hcl_place place;

    if (vd_hcl_find(&run->linter->sources, &run->found, address, VD_S(""), &place))
        blocks[place.block] = true;
}

bool *vd_lint_source_blocks(const vd_file_run *run)
{
    bool *blocks = vd_arena_new_array(&run->worker->scratch, bool, run->linter->sources.block_count);

    for (uint32_t i = 0; blocks && i < run->found.count; i++) {
        const vd_extracted *e = &run->found.at[i];

        mark_block(run, e->container, blocks);
        for (uint32_t k = 0; k < e->fact_count; k++)
            if (vd_str_eq(e->facts[k].name, VD_S("document")))
                mark_block(run, e->facts[k].value, blocks);
    }
    return blocks;
}

void vd_lint_move(const vd_file_run *run, const vd_extracted *e, vd_lint_finding *f)
{
    vd_hcl_place place;

    if (vd_lint_is_plan(run) && vd_hcl_find_token(&run->linter->sources, &run->found, e, f->token, &place))
        f->range = range_of(run->linter, &place);
}

void vd_lint_move_by_address(const vd_file_run *run, vd_str address, vd_str token, vd_range *range)
{
    vd_hcl_place place;

    if (vd_lint_is_plan(run) && vd_hcl_find(&run->linter->sources, &run->found, address, token, &place))
        *range = range_of(run->linter, &place);
}
