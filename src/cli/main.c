/* SPDX-License-Identifier: Apache-2.0
 *
 * The command: finds the row of a command, sorts out its words, runs it, and ends with its exit code.
 */
#include "base/str.h"
#include "base/suggest.h"
#include "cli/commands.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/random.h>
#include <unistd.h>

enum { MOST_COMMANDS = 64 };

/* A program started with a standard stream closed must not get a file of its own in that place.  Where nobody listens
 * nothing can be written: that is told, not taken for success. */
static void fill_streams(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd < 3);
    if (fd >= 0)
        close(fd);
}

static void unknown_option(vd_cli *cli, const char *word)
{
    static const vd_str options[] = { VD_L("--help"), VD_L("--version") };
    size_t              found = vd_suggest(vd_str_of(word), options, VD_COUNT(options));

    if (found < VD_COUNT(options))
        vd_cli_usage(cli, "there is no option %s before the command; did you mean " VD_F "?", word,
                     VD_A(options[found]));
    else
        vd_cli_usage(cli, "there is no option %s before the command", word);
}

static void unknown_command(vd_cli *cli, const char *word)
{
    vd_str names[MOST_COMMANDS];
    size_t count = 0, found;

    for (size_t i = 0; i < vd_command_count && count < MOST_COMMANDS; i++)
        names[count++] = vd_str_of(vd_commands[i]->name);
    found = vd_suggest(vd_str_of(word), names, count);
    if (found < count)
        vd_cli_usage(cli, "there is no command \"%s\"; did you mean \"" VD_F "\"?", word, VD_A(names[found]));
    else
        vd_cli_usage(cli, "there is no command \"%s\"", word);
}

/* Policies come from outside: nobody shall know how their names fall into the tables while they are compiled.  Without
 * the kernel's randomness the tables still work. */
static vd_code make_engine(vd_cli *cli, vd_error *err)
{
    vd_engine_opts opts = { .size = sizeof opts };

    if (getrandom(&opts.hash_seed, sizeof opts.hash_seed, GRND_NONBLOCK) != (ssize_t)sizeof opts.hash_seed)
        opts.hash_seed = 0;
    return vd_engine_new(&cli->engine, &opts, err);
}

static vd_exit run_command(vd_cli *cli, const vd_command *command, int argc, char **argv)
{
    const vd_allocator *heap = vd_allocator_default();
    vd_buf              complaint = vd_buf_on(heap, 0), hint = vd_buf_on(heap, 0);
    vd_error            err = { .size = sizeof err };
    vd_exit             code = VD_EXIT_USAGE;
    const char         *color;

    cli->command = command;
    if (!vd_args_parse(&cli->args, command->groups, command->group_count, argc, argv, &complaint, &hint)) {
        vd_cli_usage(cli, VD_F "%s" VD_F, VD_A(vd_buf_str(&complaint)), hint.n ? "; " : "", VD_A(vd_buf_str(&hint)));
        goto done;
    }
    color = vd_args_text(&cli->args, "color");
    cli->look = vd_term_look(STDOUT_FILENO, color);
    cli->err_look = vd_term_look(STDERR_FILENO, color);
    cli->quiet = vd_args_has(&cli->args, "quiet");
    cli->verbose = vd_args_has(&cli->args, "verbose");
    if (vd_args_has(&cli->args, "help")) {
        vd_help_command(&cli->out, &cli->look, command);
        code = VD_EXIT_YES;
    } else if (make_engine(cli, &err) != VD_OK) {
        vd_cli_error(cli, VD_EXIT_NO_ANSWER, &err);
        code = VD_EXIT_NO_ANSWER;
    } else if (!command->no_catalog && !vd_cli_open_catalog(cli)) {
        code = cli->worst;
    } else {
        code = command->run(cli);
    }
done:
    vd_buf_done(&complaint);
    vd_buf_done(&hint);
    return code;
}

int main(int argc, char **argv)
{
    const char       *word = argc > 1 ? argv[1] : "";
    const vd_command *command;
    vd_cli            cli;
    vd_exit           code = VD_EXIT_USAGE;

    fill_streams();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* as a full disk: told, and what was begun is taken away */
    vd_cli_init(&cli);
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        word = "version";
    command = vd_command_find(vd_str_of(word));
    if (command) {
        code = run_command(&cli, command, argc - 2, argv + 2);
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        vd_help_main(&cli.out, &cli.look);
        code = VD_EXIT_YES;
    } else if (argc < 2) {
        vd_help_main(&cli.err, &cli.err_look);
    } else if (word[0] == '-') {
        unknown_option(&cli, word);
    } else {
        unknown_command(&cli, word);
    }
    vd_cli_worse(&cli, code);
    vd_cli_flush(&cli);
    code = cli.worst;
    vd_cli_done(&cli);
    return (int)code;
}
