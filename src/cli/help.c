/* SPDX-License-Identifier: Apache-2.0
 *
 * Help for people and tables for the man pages, both from the rows of commands and options.
 */
#include "base/limits.h"
#include "base/str.h"
#include "cli/cli.h"

enum { INDENT = 2, HELP_COLUMN = 34 };

static void heading(vd_buf *out, const vd_look *look, const char *text)
{
    vd_buf_byte(out, '\n');
    vd_look_put(out, look, VD_TONE_STRONG, vd_str_of(text));
    vd_buf_byte(out, '\n');
}

static void row(vd_buf *out, const vd_look *look, vd_str left, uint32_t column, vd_str right)
{
    uint32_t used = INDENT + vd_look_columns(left);

    vd_look_pad(out, INDENT);
    vd_look_safe(out, left);
    if (used + 2 > column) {
        vd_buf_byte(out, '\n');
        used = 0;
    }
    vd_look_pad(out, column - used);
    vd_look_wrap(out, look, column, column, right);
    vd_buf_byte(out, '\n');
}

void vd_help_main(vd_buf *out, const vd_look *look)
{
    vd_look_put(out, look, VD_TONE_STRONG, VD_S("verdict"));
    vd_buf_printf(out, " decides AWS IAM policies: allow or deny, and why (version %s)\n", vd_version());
    heading(out, look, "usage");
    vd_buf_add(out, VD_S("  verdict COMMAND [OPTION...] [ARGUMENT...]\n"));
    heading(out, look, "commands");
    for (size_t i = 0; i < vd_command_count; i++)
        row(out, look, vd_str_of(vd_commands[i]->name), 15, vd_str_of(vd_commands[i]->summary));
    heading(out, look, "more");
    row(out, look, VD_S("verdict help COMMAND"), HELP_COLUMN, VD_S("its options, two examples, its exit codes"));
    row(out, look, VD_S("verdict help RULE"), HELP_COLUMN, VD_S("a rule of lint: why, examples, how to fix and to silence it"));
    row(out, look, VD_S("verdict help limits"), HELP_COLUMN, VD_S("every bound on input"));
    row(out, look, VD_S("verdict help exit-codes"), HELP_COLUMN, VD_S("what a script may rely on"));
}

void vd_help_option(vd_buf *out, const vd_opt *o)
{
    if (o->letter)
        vd_buf_printf(out, "-%c, ", o->letter);
    else
        vd_buf_add(out, VD_S("    "));
    vd_buf_printf(out, "--%s", o->name);
    if (o->argument)
        vd_buf_printf(out, " %s%s", o->argument, o->type == VD_OPT_FORMAT ? "[=FILE]" : "");
}

static void options(vd_buf *out, const vd_look *look, const vd_opts *group)
{
    const vd_allocator *heap = vd_allocator_default();

    heading(out, look, group->title);
    for (size_t i = 0; i < group->count; i++) {
        const vd_opt *o = &group->at[i];
        vd_buf        left = vd_buf_on(heap, 0), right = vd_buf_on(heap, 0);

        vd_help_option(&left, o);
        vd_buf_printf(&right, "%s%s", o->help, o->repeat ? " (repeatable)" : "");
        if (o->preset)
            vd_buf_printf(&right, " [%s]", o->preset);
        row(out, look, vd_buf_str(&left), HELP_COLUMN, vd_buf_str(&right));
        out->failed |= left.failed | right.failed;
        vd_buf_done(&left);
        vd_buf_done(&right);
    }
}

/* A command line as one would type it: too long a one goes on behind a backslash, broken in front of an option. */
static void example(vd_buf *out, const vd_look *look, const char *command)
{
    vd_str   rest = vd_str_of(command), word;
    uint32_t column = INDENT, left;
    bool     next = false, fits = rest.n + INDENT <= look->width;

    vd_look_pad(out, INDENT);
    while (rest.n) {
        if (!vd_str_cut(&rest, ' ', &word)) {
            word = rest;
            rest.n = 0;
        }
        left = (uint32_t)word.n + 1;
        if (vd_str_starts(word, VD_S("-"))) /* an option keeps its value */
            left += 1 + (uint32_t)vd_str_find(rest, ' ');
        if ((next && !fits) || (vd_str_eq(word, VD_S("|")) && !fits) || (vd_str_starts(word, VD_S("-")) && column + left + 2 > look->width)) {
            vd_buf_add(out, VD_S(" \\\n"));
            vd_look_pad(out, INDENT + 4);
            column = INDENT + 4;
        } else if (column > INDENT) {
            vd_buf_byte(out, ' ');
            column++;
        }
        vd_buf_add(out, word);
        column += (uint32_t)word.n;
        next = vd_str_eq(word, VD_S("&&")); /* another command begins */
    }
    vd_buf_byte(out, '\n');
}

void vd_help_command(vd_buf *out, const vd_look *look, const vd_command *c)
{
    vd_look_put(out, look, VD_TONE_STRONG, VD_S("verdict "));
    vd_look_put(out, look, VD_TONE_STRONG, vd_str_of(c->name));
    vd_buf_add(out, VD_S(": "));
    vd_look_wrap(out, look, (uint32_t)strlen(c->name) + 10, 2, vd_str_of(c->summary));
    vd_buf_byte(out, '\n');
    heading(out, look, "usage");
    vd_buf_printf(out, "  verdict %s [OPTION...]%s%s\n\n", c->name, *c->words ? " " : "", c->words);
    vd_look_wrap(out, look, 0, 0, vd_str_of(c->about));
    vd_buf_byte(out, '\n');
    for (size_t i = 0; i < c->group_count; i++)
        options(out, look, c->groups[i]);
    heading(out, look, "examples");
    for (size_t i = 0; i < c->example_count; i++) {
        vd_buf_add(out, VD_S("  "));
        vd_look_tone(out, look, VD_TONE_FAINT);
        vd_buf_printf(out, "# %s", c->examples[i].text);
        vd_look_tone(out, look, VD_TONE_PLAIN);
        vd_buf_byte(out, '\n');
        example(out, look, c->examples[i].command);
    }
    heading(out, look, "exit codes");
    vd_buf_add(out, VD_S("  "));
    vd_look_wrap(out, look, INDENT, INDENT, vd_str_of(c->exits));
    vd_buf_add(out, VD_S("\n  2 the question could not be asked, 3 no answer\n"));
}

void vd_help_limits(vd_buf *out, const vd_look *look)
{
    vd_buf_add(out, VD_S("Bounds on input.  What goes beyond one is refused with an error that names it.\n\n"));
    for (size_t i = 0; i < vd_limit_row_count; i++) {
        vd_buf_printf(out, "  %-20.*s %12llu  ", VD_A(vd_limit_rows[i].name),
                      (unsigned long long)vd_limit_rows[i].value);
        vd_look_wrap(out, look, 37, 37, vd_limit_rows[i].what);
        vd_buf_byte(out, '\n');
    }
}

void vd_help_exit_codes(vd_buf *out, const vd_look *look)
{
    static const struct {
        vd_str code, what;
    } rows[] = {
        { VD_L("0"), VD_L("yes: allowed; every test passed") },
        { VD_L("1"), VD_L("no, the negative answer to the question asked: denied; a test failed") },
        { VD_L("2"), VD_L("the question could not be asked: bad usage, input that is unreadable or malformed, a "
                          "request or a policy that the rules call an error") },
        { VD_L("3"), VD_L("no answer within the budget, or verdict found a bug in itself") },
    };

    for (size_t i = 0; i < VD_COUNT(rows); i++)
        row(out, look, rows[i].code, 5, rows[i].what);
    vd_buf_byte(out, '\n');
    vd_look_wrap(out, look, 0, 0,
                 VD_S("When many inputs are given and some are bad, the good ones are still processed, each bad one gets "
                      "its own error, and the code is 2.  2 wins over 1, 1 over 3.  A signal ends a command with 128 plus "
                      "its number; a closed pipe is no error."));
    vd_buf_byte(out, '\n');
}

/* In troff a dash must be written \- to be copied from the page as it was typed, and a dot or quote at the start of
 * a line is a request. */
static void troff(vd_buf *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        vd_buf_add(out, VD_S("\\&"));
    for (; *text; text++) {
        if (*text == '-')
            vd_buf_add(out, VD_S("\\-"));
        else if (*text == '\\')
            vd_buf_add(out, VD_S("\\e"));
        else
            vd_buf_byte(out, *text);
    }
}

static void man_option(vd_buf *out, const vd_opt *o)
{
    vd_buf_add(out, VD_S(".TP\n"));
    if (o->letter)
        vd_buf_printf(out, "\\fB\\-%c\\fR, ", o->letter);
    vd_buf_add(out, VD_S("\\fB\\-\\-"));
    troff(out, o->name);
    vd_buf_add(out, VD_S("\\fR"));
    if (o->argument) {
        vd_buf_add(out, VD_S(" \\fI"));
        troff(out, o->argument);
        vd_buf_printf(out, "%s\\fR", o->type == VD_OPT_FORMAT ? "[=FILE]" : "");
    }
    vd_buf_byte(out, '\n');
    troff(out, o->help);
    if (o->repeat)
        vd_buf_add(out, VD_S(" (repeatable)"));
    if (o->preset)
        vd_buf_printf(out, ".  The environment variable \\fB%s\\fR presets it", o->preset);
    vd_buf_byte(out, '\n');
}

void vd_help_man_commands(vd_buf *out)
{
    vd_buf_add(out, VD_S(".SH NAME\nverdict \\- decide AWS IAM policies: allow or deny, and why\n"
                         ".SH SYNOPSIS\n\\fBverdict\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
                         ".SH COMMANDS\n"));
    for (size_t i = 0; i < vd_command_count; i++) {
        vd_buf_printf(out, ".TP\n\\fBverdict\\-%s\\fR(1)\n", vd_commands[i]->name);
        troff(out, vd_commands[i]->summary);
        vd_buf_byte(out, '\n');
    }
}

void vd_help_man(vd_buf *out, const vd_command *c)
{
    vd_buf_printf(out, ".SH NAME\nverdict\\-%s \\- ", c->name);
    troff(out, c->summary);
    vd_buf_add(out, VD_S("\n.SH SYNOPSIS\n\\fBverdict "));
    troff(out, c->name);
    vd_buf_add(out, VD_S("\\fR [\\fIOPTION\\fR...] "));
    troff(out, c->words);
    vd_buf_add(out, VD_S("\n.SH OPTIONS\n"));
    for (size_t i = 0; i < c->group_count; i++) {
        vd_buf_printf(out, ".SS %c%s\n", c->groups[i]->title[0] & ~0x20, c->groups[i]->title + 1);
        for (size_t j = 0; j < c->groups[i]->count; j++)
            man_option(out, &c->groups[i]->at[j]);
    }
    vd_buf_add(out, VD_S(".SH EXIT STATUS\n"));
    troff(out, c->exits);
    vd_buf_add(out, VD_S("; 2 the question could not be asked, 3 no answer.\n.SH EXAMPLES\n"));
    for (size_t i = 0; i < c->example_count; i++) {
        vd_buf_add(out, VD_S(".PP\n"));
        troff(out, c->examples[i].text);
        vd_buf_add(out, VD_S(":\n.PP\n.nf\n.RS\n"));
        troff(out, c->examples[i].command);
        vd_buf_add(out, VD_S("\n.RE\n.fi\n"));
    }
}
