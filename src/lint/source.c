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

        if (!vd_arena_dup(&l->arena, &l->source_names[i], s->name) || !vd_arena_dup(&l->arena, &files[i].text, s->text))
            return vd_fail_nomem(err);
        files[i].name = l->source_names[i];
        if (vd_str_starts(files[i].name, s->base))
            files[i].name = vd_str_from(files[i].name, s->base.n);
    }
    return vd_hcl_read(&l->sources, l->engine, files, count, err);
}

static bool is_plan(const vd_file_run *run)
{
    return run->linter->sources.block_count && run->found.format && strcmp(run->found.format, "terraform-plan") == 0;
}

static vd_range range_of(const vd_linter *l, const vd_hcl_place *place)
{
    const vd_hcl_block *b = &l->sources.blocks[place->block];
    vd_str              text = l->sources.files[b->file].text;
    vd_range            r = { .at = place->at, .end_line = place->at.line };

    r.at.file = l->source_names[b->file];
    text = vd_str_first(vd_str_from(text, place->at.offset), place->at.length);
    r.end_column = place->at.column + vd_utf8_columns(text); /* neither a token nor a header has a line break */
    return r;
}

void vd_lint_move(const vd_file_run *run, const vd_extracted *e, vd_lint_finding *f)
{
    vd_hcl_place place;

    if (is_plan(run) && vd_hcl_find_token(&run->linter->sources, &run->found, e, f->token, &place))
        f->range = range_of(run->linter, &place);
}

void vd_lint_move_by_address(const vd_file_run *run, vd_str address, vd_str token, vd_range *range)
{
    vd_hcl_place place;

    if (is_plan(run) && vd_hcl_find(&run->linter->sources, &run->found, address, token, &place))
        *range = range_of(run->linter, &place);
}
