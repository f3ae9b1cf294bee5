/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict version: and for whoever has many workers, what their answers depend on.
 */
#include "base/sha256.h"
#include "catalog/events.h"
#include "cli/commands.h"
#include "cli/outputs.h"
#include "text/json_write.h"
#include "usage/summary.h"

/* Over the cells, a tab between them and the end of a line behind each row, the names of the columns first: of the table, not of
 * the comments and the order of its file. */
static vd_json *table_of(const vd_catalog *c, vd_str name)
{
    vd_sheet      sheet = vd_catalog_sheet(c, name);
    vd_sha256_sum sum;
    vd_json      *o = vd_json_object();
    char          hex[65];

    vd_sha256_begin(&sum);
    for (uint32_t row = 0; row <= sheet.rows; row++)
        for (uint32_t column = 0; column < sheet.columns; column++) {
            vd_sha256_add(&sum, row ? vd_sheet_cell(sheet, row - 1, column) : vd_sheet_title(sheet, column));
            vd_sha256_add(&sum, column + 1 < sheet.columns ? VD_S("\t") : VD_S("\n"));
        }
    vd_sha256_end(&sum, hex);
    vd_json_set(o, "name", vd_json_string(name));
    vd_json_set(o, "rows", vd_json_int(sheet.rows));
    vd_json_set(o, "digest", vd_json_string((vd_str){ hex, 64 }));
    return o;
}

static vd_json *catalogue(const vd_cli *cli)
{
    vd_json *o = vd_json_object(), *tables = vd_json_array();

    vd_json_set(o, "file", cli->own_catalog ? vd_json_string(vd_str_of(vd_args_text(&cli->args, "catalog"))) : vd_json_null());
    vd_json_set(o, "date", vd_json_string(vd_catalog_date(cli->catalog)));
    vd_json_set(o, "source", vd_json_string(vd_catalog_source(cli->catalog)));
    vd_json_set(o, "digest", vd_json_string(vd_catalog_digest(cli->catalog)));
    for (uint32_t i = 0; i < vd_catalog_sheets(cli->catalog); i++)
        vd_json_push(tables, table_of(cli->catalog, vd_catalog_sheet_name(cli->catalog, i)));
    vd_json_set(o, "tables", tables);
    return o;
}

static void print_json(vd_cli *cli, vd_buf *out)
{
    vd_json *root = vd_json_object(), *head = vd_json_object(), *summary = vd_json_object();

    vd_json_set(head, "format", vd_json_int(1));
    vd_json_set(root, "verdict", head);
    vd_json_set(root, "version", vd_json_string(vd_str_of(vd_version())));
    vd_json_set(summary, "format", vd_json_int(1));
    vd_json_set(summary, "minor", vd_json_int(VD_SUMMARY_MINOR));
    vd_json_set(summary, "guards", vd_json_int(VD_GUARDS_VERSION));
    vd_json_set(root, "summary", summary);
    vd_json_set(root, "catalog", catalogue(cli));
    if (vd_json_dump(out, root, 2) != VD_OK)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_byte(out, '\n');
}

static vd_exit run(vd_cli *cli)
{
    vd_outputs outputs;

    if (cli->args.word_count) {
        vd_cli_usage(cli, "version takes no argument, found \"%s\"", cli->args.words[0]);
        return VD_EXIT_USAGE;
    }
    if (!vd_outputs_open(&outputs, cli, "text"))
        return cli->worst;
    for (size_t i = 0; i < outputs.count; i++) {
        vd_buf *out = vd_output_buf(&outputs, i);

        if (!vd_output_is(&outputs, i, "json"))
            vd_buf_printf(out, "verdict %s\n", vd_version());
        else if (vd_cli_open_catalog(cli))
            print_json(cli, out);
    }
    vd_outputs_close(&outputs);
    return cli->worst;
}

static const vd_opt rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json", "json: with the digests of all tables, =FILE to write it there", NULL },
};
static VD_OPTS(own_options, "output", rows);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "which version is this", "verdict version", 0 },
    { "do two workers read events alike? compare what this prints", "verdict version --format json", 0 },
};

const vd_command vd_command_version = {
    .name = "version",
    .summary = "print the version",
    .words = "",
    .about = "Prints the version of the command and of the library in it, as JSON with the digests of the catalogue and its tables.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 always, but for a --catalog that cannot be read",
    .no_catalog = true,
    .run = run,
};
