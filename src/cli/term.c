/* SPDX-License-Identifier: Apache-2.0
 *
 * What kind of thing a stream is: colour and width.  NO_COLOR and CLICOLOR_FORCE are honoured, --color beats both.
 */
#include "base/str.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 100, LEAST_WIDTH = 40, MOST_WIDTH = 200 };

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value && *value;
}

static bool wants_colour(int fd, const char *color)
{
    const char *force = getenv("CLICOLOR_FORCE"), *term = getenv("TERM");

    if (color && strcmp(color, "auto") != 0)
        return strcmp(color, "always") == 0;
    if (is_set("NO_COLOR"))
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

/* The width of a terminal; elsewhere COLUMNS, which is how tests and editors ask for one. */
static uint32_t width_of(int fd)
{
    struct winsize w;
    const char    *columns = getenv("COLUMNS");
    uint32_t       width = USUAL_WIDTH;

    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0) {
        width = w.ws_col;
    } else if (columns && vd_str_all_digits(vd_str_of(columns)) && strlen(columns) < 5) {
        width = 0;
        for (; *columns; columns++)
            width = width * 10 + (uint32_t)(*columns - '0');
    }
    return width < LEAST_WIDTH ? LEAST_WIDTH : width > MOST_WIDTH ? MOST_WIDTH : width;
}

vd_look vd_term_look(int fd, const char *color)
{
    return (vd_look){ .colour = wants_colour(fd, color), .width = width_of(fd) };
}
