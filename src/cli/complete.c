/* SPDX-License-Identifier: Apache-2.0
 *
 * Completions, made from the rows of commands and options.  The scripts hold words only, no logic beyond looking at
 * the command and at the word before.
 */
#include "base/str.h"
#include "cli/cli.h"

/* In single quotes of a shell. */
static void quoted(vd_buf *out, vd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            vd_buf_add(out, VD_S("'\\''"));
        else
            vd_buf_byte(out, text.p[i]);
    }
}

static void choices(vd_buf *out, const vd_opt *o)
{
    vd_str rest = vd_str_of(o->argument), word;
    bool   first = true;

    while (vd_choice_next(&rest, &word)) {
        vd_buf_printf(out, "%s" VD_F, first ? "" : " ", VD_A(word));
        first = false;
    }
}

static bool is_choice(const vd_opt *o)
{
    return o->type == VD_OPT_CHOICE || o->type == VD_OPT_FORMAT;
}

/* What stands for the words of a command: a list to choose from, as "bash|zsh|fish". */
static bool words_are_choices(const vd_command *c)
{
    return strchr(c->words, '|') && !strchr(c->words, ' ') && c->words[0] != '[';
}

static void bash_names(vd_buf *out, const vd_command *c)
{
    for (size_t g = 0; g < c->group_count; g++)
        for (size_t i = 0; i < c->groups[g]->count; i++)
            vd_buf_printf(out, " --%s", c->groups[g]->at[i].name);
}

void vd_complete_bash(vd_buf *out)
{
    vd_buf_add(out, VD_S("# bash completion for verdict: source <(verdict completion bash)\n"
                         "_verdict() {\n"
                         "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                         "    COMPREPLY=()\n"
                         "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                         "        COMPREPLY=($(compgen -W '"));
    for (size_t i = 0; i < vd_command_count; i++)
        vd_buf_printf(out, "%s%s", i ? " " : "", vd_commands[i]->name);
    vd_buf_add(out, VD_S("' -- \"$word\"))\n        return\n    fi\n    case ${COMP_WORDS[1]}:$before in\n"));
    for (size_t i = 0; i < vd_command_count; i++)
        for (size_t g = 0; g < vd_commands[i]->group_count; g++)
            for (size_t j = 0; j < vd_commands[i]->groups[g]->count; j++) {
                const vd_opt *o = &vd_commands[i]->groups[g]->at[j];

                if (o->type == VD_OPT_FLAG || o->type == VD_OPT_FILE)
                    continue;
                vd_buf_printf(out, "        %s:--%s", vd_commands[i]->name, o->name);
                if (o->letter)
                    vd_buf_printf(out, "|%s:-%c", vd_commands[i]->name, o->letter);
                vd_buf_byte(out, ')');
                if (is_choice(o)) {
                    vd_buf_add(out, VD_S(" COMPREPLY=($(compgen -W '"));
                    choices(out, o);
                    vd_buf_add(out, VD_S("' -- \"$word\"));"));
                }
                vd_buf_add(out, VD_S(" return ;;\n"));
            }
    vd_buf_add(out, VD_S("    esac\n    if [[ $word == -* ]]; then\n        case ${COMP_WORDS[1]} in\n"));
    for (size_t i = 0; i < vd_command_count; i++) {
        vd_buf_printf(out, "            %s) COMPREPLY=($(compgen -W '", vd_commands[i]->name);
        bash_names(out, vd_commands[i]);
        vd_buf_add(out, VD_S("' -- \"$word\")) ;;\n"));
    }
    vd_buf_add(out, VD_S("        esac\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n"));
    for (size_t i = 0; i < vd_command_count; i++) {
        vd_str rest = vd_str_of(vd_commands[i]->words), word;

        if (!words_are_choices(vd_commands[i]))
            continue;
        vd_buf_printf(out, "        %s) COMPREPLY=($(compgen -W '", vd_commands[i]->name);
        while (vd_choice_next(&rest, &word))
            vd_buf_printf(out, " " VD_F, VD_A(word));
        vd_buf_add(out, VD_S("' -- \"$word\")); return ;;\n"));
    }
    vd_buf_add(out, VD_S("        help) COMPREPLY=($(compgen -W '"));
    for (size_t i = 0; i < vd_command_count; i++)
        vd_buf_printf(out, "%s ", vd_commands[i]->name);
    vd_buf_add(out, VD_S("limits exit-codes' -- \"$word\")); return ;;\n"
                         "    esac\n"
                         "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
                         "}\n"
                         "complete -o filenames -F _verdict verdict\n"));
}

/* A description in _arguments and _describe: no colon and no bracket may stand in it plainly. */
static void zsh_text(vd_buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == ':' || *text == '[' || *text == ']')
            vd_buf_byte(out, '\\');
        quoted(out, (vd_str){ text, 1 });
    }
}

void vd_complete_zsh(vd_buf *out)
{
    vd_buf_add(out, VD_S("#compdef verdict\n"
                         "_verdict() {\n"
                         "    local -a commands\n"
                         "    commands=(\n"));
    for (size_t i = 0; i < vd_command_count; i++) {
        vd_buf_printf(out, "        '%s:", vd_commands[i]->name);
        zsh_text(out, vd_commands[i]->summary);
        vd_buf_add(out, VD_S("'\n"));
    }
    vd_buf_add(out, VD_S("    )\n"
                         "    if (( CURRENT == 2 )); then\n"
                         "        _describe command commands\n"
                         "        return\n"
                         "    fi\n"
                         "    local command=$words[2]\n"
                         "    shift words\n"
                         "    (( CURRENT-- ))\n"
                         "    case $command in\n"));
    for (size_t i = 0; i < vd_command_count; i++) {
        const vd_command *c = vd_commands[i];

        vd_buf_printf(out, "        %s)\n            _arguments -s -S \\\n", c->name);
        for (size_t g = 0; g < c->group_count; g++)
            for (size_t j = 0; j < c->groups[g]->count; j++) {
                const vd_opt *o = &c->groups[g]->at[j];

                if (o->letter)
                    vd_buf_printf(out, "                '%s'{-%c,--%s}'[", o->repeat ? "*" : "", o->letter, o->name);
                else
                    vd_buf_printf(out, "                '%s--%s[", o->repeat ? "*" : "", o->name);
                zsh_text(out, o->help);
                vd_buf_byte(out, ']');
                if (o->type != VD_OPT_FLAG) {
                    vd_buf_byte(out, ':');
                    zsh_text(out, is_choice(o) ? "word" : o->argument);
                    vd_buf_byte(out, ':');
                    if (o->type == VD_OPT_FILE) {
                        vd_buf_add(out, VD_S("_files"));
                    } else if (is_choice(o)) {
                        vd_buf_byte(out, '(');
                        choices(out, o);
                        vd_buf_byte(out, ')');
                    }
                }
                vd_buf_add(out, VD_S("' \\\n"));
            }
        if (words_are_choices(c)) {
            vd_str rest = vd_str_of(c->words), word;

            vd_buf_add(out, VD_S("                '1:word:("));
            while (vd_choice_next(&rest, &word))
                vd_buf_printf(out, VD_F " ", VD_A(word));
            vd_buf_add(out, VD_S(")' ;;\n"));
        } else {
            vd_buf_add(out, strcmp(c->name, "help") == 0 ? VD_S("                '1:command:->names' ;;\n")
                                                         : VD_S("                '*:file:_files' ;;\n"));
        }
    }
    vd_buf_add(out, VD_S("    esac\n"
                         "    if [[ $state == names ]]; then\n"
                         "        _describe command commands\n"
                         "    fi\n"
                         "}\n"
                         /* loaded from $fpath it is called at once, sourced it is only made known */
                         "if [[ $funcstack[1] == _verdict ]]; then\n"
                         "    _verdict \"$@\"\n"
                         "else\n"
                         "    compdef _verdict verdict\n"
                         "fi\n"));
}

void vd_complete_fish(vd_buf *out)
{
    vd_buf_add(out, VD_S("# fish completion for verdict\ncomplete -c verdict -n __fish_use_subcommand -f\n"));
    for (size_t i = 0; i < vd_command_count; i++) {
        const vd_command *c = vd_commands[i];

        vd_buf_printf(out, "complete -c verdict -n __fish_use_subcommand -a %s -d '", c->name);
        quoted(out, vd_str_of(c->summary));
        vd_buf_add(out, VD_S("'\n"));
        for (size_t g = 0; g < c->group_count; g++)
            for (size_t j = 0; j < c->groups[g]->count; j++) {
                const vd_opt *o = &c->groups[g]->at[j];

                vd_buf_printf(out, "complete -c verdict -n '__fish_seen_subcommand_from %s' -l %s", c->name, o->name);
                if (o->letter)
                    vd_buf_printf(out, " -s %c", o->letter);
                if (is_choice(o)) {
                    vd_buf_add(out, VD_S(" -x -a '"));
                    choices(out, o);
                    vd_buf_byte(out, '\'');
                } else if (o->type != VD_OPT_FLAG) {
                    vd_buf_add(out, o->type == VD_OPT_FILE ? VD_S(" -r -F") : VD_S(" -x"));
                }
                vd_buf_add(out, VD_S(" -d '"));
                quoted(out, vd_str_of(o->help));
                vd_buf_add(out, VD_S("'\n"));
            }
        if (words_are_choices(c)) {
            vd_str rest = vd_str_of(c->words), word;

            vd_buf_printf(out, "complete -c verdict -n '__fish_seen_subcommand_from %s' -f -a '", c->name);
            while (vd_choice_next(&rest, &word))
                vd_buf_printf(out, VD_F " ", VD_A(word));
            vd_buf_add(out, VD_S("'\n"));
        }
    }
    vd_buf_add(out, VD_S("complete -c verdict -n '__fish_seen_subcommand_from help' -f -a '"));
    for (size_t i = 0; i < vd_command_count; i++)
        vd_buf_printf(out, "%s ", vd_commands[i]->name);
    vd_buf_add(out, VD_S("limits exit-codes'\n"));
}
