/* SPDX-License-Identifier: Apache-2.0
 *
 * Where results go.
 */
#include "cli/outputs.h"

#include "base/str.h"

bool vd_outputs_open(vd_outputs *o, vd_cli *cli, const char *otherwise)
{
    uint32_t given = vd_args_count(&cli->args, "format");
    bool     terminal = false;

    *o = (vd_outputs){ .cli = cli };
    for (uint32_t i = 0; i < (given ? given : 1); i++) {
        const char *text = given ? vd_args_at(&cli->args, "format", i) : otherwise;
        const char *equals = strchr(text, '=');
        vd_output  *to = &o->at[o->count];

        if (o->count == VD_MOST_OUTPUTS) {
            vd_cli_usage(cli, "--format can be given %d times at most", VD_MOST_OUTPUTS);
            return false;
        }
        to->format = equals ? (vd_str){ text, (size_t)(equals - text) } : vd_str_of(text);
        to->path = equals && strcmp(equals + 1, "-") != 0 ? equals + 1 : NULL;
        to->text = vd_buf_on(vd_allocator_default(), 0);
        if (to->path && !*to->path) {
            vd_cli_usage(cli, "--format %s needs the name of a file behind the \"=\"", text);
            return false;
        }
        if (!to->path && terminal) {
            vd_cli_usage(cli, "only one --format can go to standard output, the others need =FILE");
            return false;
        }
        terminal |= !to->path;
        o->count++;
    }
    return true;
}

vd_buf *vd_output_buf(vd_outputs *o, size_t index)
{
    return o->at[index].path ? &o->at[index].text : o->aside ? &o->cli->err : &o->cli->out;
}

bool vd_output_is(const vd_outputs *o, size_t index, const char *format)
{
    return vd_str_eq(o->at[index].format, vd_str_of(format));
}

void vd_outputs_close(vd_outputs *o)
{
    for (size_t i = 0; i < o->count; i++) {
        vd_output *to = &o->at[i];

        if (to->text.failed)
            vd_cli_errorf(o->cli, VD_EXIT_NO_ANSWER, "out of memory");
        else if (to->path)
            vd_cli_write(o->cli, to->path, vd_buf_str(&to->text));
        vd_buf_done(&to->text);
    }
    o->count = 0;
}
