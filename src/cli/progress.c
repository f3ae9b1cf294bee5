/* SPDX-License-Identifier: Apache-2.0
 *
 * Rate and estimate on standard error.
 */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_MS = 1000, EVERY_MS = 200 };

static uint64_t now_ms(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void vd_progress_init(vd_progress *p, const vd_cli *cli, const char *unit)
{
    *p = (vd_progress){ .unit = unit, .wanted = !cli->quiet && isatty(STDERR_FILENO) };
    p->begin_ms = p->last_ms = now_ms();
}

bool vd_progress_due(vd_progress *p)
{
    uint64_t now = p->wanted ? now_ms() : 0;

    if (!p->wanted || now - p->begin_ms < FIRST_MS || now - p->last_ms < EVERY_MS)
        return false;
    p->last_ms = now;
    return true;
}

uint64_t vd_progress_spent(const vd_progress *p)
{
    return now_ms() - p->begin_ms;
}

void vd_progress_text(vd_progress *p, const char *text)
{
    char line[160];
    int  n = snprintf(line, sizeof line, "\r%.150s\033[K", text);

    p->shown = true;
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
        p->wanted = false;
}

void vd_progress_show(vd_progress *p, uint32_t done, uint32_t total)
{
    uint64_t now = p->wanted ? now_ms() : 0, spent = now - p->begin_ms;
    char     line[128];
    int      n;

    if (!p->wanted || spent < FIRST_MS || now - p->last_ms < EVERY_MS || done == 0)
        return;
    p->last_ms = now;
    n = snprintf(line, sizeof line, "\r%u of %u %s, %llu a second, %llu s left\033[K", done, total, p->unit,
                 (unsigned long long)(done * 1000ull / spent),
                 (unsigned long long)((total - done) * spent / done / 1000));
    p->shown = true;
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
        p->wanted = false;
}

void vd_progress_clear(vd_progress *p)
{
    if (p->shown && write(STDERR_FILENO, "\r\033[K", 4) < 0)
        p->wanted = false;
    p->shown = false;
}
