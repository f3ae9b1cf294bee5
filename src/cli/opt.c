/* SPDX-License-Identifier: Apache-2.0
 *
 * Words to values, the GNU way: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, flags bundled as -qv.
 */
#include "cli/opt.h"

#include "base/str.h"
#include "base/suggest.h"

#include <stdlib.h>

enum { MOST_NAMES = 64, MOST_NUMBER = 1000000 };

bool vd_choice_next(vd_str *rest, vd_str *word)
{
    if (rest->n == 0)
        return false;
    if (!vd_str_cut(rest, '|', word)) {
        *word = *rest;
        *rest = vd_str_from(*rest, rest->n);
    }
    return true;
}

static const vd_opt *find_long(const vd_args *a, vd_str name)
{
    for (size_t i = 0; i < a->group_count; i++)
        for (size_t j = 0; j < a->groups[i]->count; j++)
            if (vd_str_eq(name, vd_str_of(a->groups[i]->at[j].name)))
                return &a->groups[i]->at[j];
    return NULL;
}

static const vd_opt *find_letter(const vd_args *a, char letter)
{
    for (size_t i = 0; i < a->group_count; i++)
        for (size_t j = 0; j < a->groups[i]->count; j++)
            if (letter && letter == a->groups[i]->at[j].letter)
                return &a->groups[i]->at[j];
    return NULL;
}

static void suggest_name(const vd_args *a, vd_str name, vd_buf *hint)
{
    vd_str names[MOST_NAMES] = { 0 };
    size_t count = 0, found;

    for (size_t i = 0; i < a->group_count; i++)
        for (size_t j = 0; j < a->groups[i]->count && count < MOST_NAMES; j++)
            names[count++] = vd_str_of(a->groups[i]->at[j].name);
    found = vd_suggest(name, names, count);
    if (found < count)
        vd_buf_printf(hint, "did you mean --" VD_F "?", VD_A(names[found]));
}

static bool check_choice(const vd_opt *o, const char *value, vd_buf *complaint, vd_buf *hint)
{
    vd_str rest = vd_str_of(o->argument), given = vd_str_of(value), word, words[MOST_NAMES];
    size_t count = 0, found;

    if (o->type == VD_OPT_FORMAT)
        given = vd_str_first(given, vd_str_find(given, '='));
    while (count < MOST_NAMES && vd_choice_next(&rest, &word)) {
        if (vd_str_eq(word, given))
            return true;
        words[count++] = word;
    }
    vd_buf_printf(complaint, "--%s must be one of ", o->name);
    for (size_t i = 0; i < count; i++)
        vd_buf_printf(complaint, "%s" VD_F, i == 0 ? "" : i + 1 == count ? " or " : ", ", VD_A(words[i]));
    vd_buf_printf(complaint, ", not \"" VD_F "\"", VD_A(given));
    found = vd_suggest(given, words, count);
    if (found < count)
        vd_buf_printf(hint, "did you mean " VD_F "?", VD_A(words[found]));
    return false;
}

static bool read_number(const char *text, uint32_t *out)
{
    uint32_t v = 0;

    if (!vd_str_all_digits(vd_str_of(text)) || strlen(text) > 7)
        return false;
    for (; *text; text++)
        v = v * 10 + (uint32_t)(*text - '0');
    *out = v;
    return v <= MOST_NUMBER;
}

static bool check_value(const vd_opt *o, const char *value, vd_buf *complaint, vd_buf *hint)
{
    uint32_t number;

    switch (o->type) {
    case VD_OPT_NUMBER:
        if (read_number(value, &number))
            return true;
        vd_buf_printf(complaint, "--%s must be a number from 0 to %d, not \"%s\"", o->name, MOST_NUMBER, value);
        return false;
    case VD_OPT_CHOICE:
    case VD_OPT_FORMAT:
        return check_choice(o, value, complaint, hint);
    case VD_OPT_FILE:
        if (*value)
            return true;
        vd_buf_printf(complaint, "--%s needs the name of a file, the word is empty", o->name);
        return false;
    default:
        return true;
    }
}

static bool add(vd_args *a, const vd_opt *o, const char *value, vd_buf *complaint, vd_buf *hint)
{
    if (value && !check_value(o, value, complaint, hint))
        return false;
    a->given[a->given_count++] = (vd_given){ o, value };
    return true;
}

/* --name, --name=value, --name value; *used: words taken behind this one. */
static bool parse_long(vd_args *a, char **word, bool last, int *used, vd_buf *complaint, vd_buf *hint)
{
    vd_str        whole = vd_str_of(*word + 2), name = vd_str_first(whole, vd_str_find(whole, '='));
    bool          equals = name.n < whole.n;
    const vd_opt *o = find_long(a, name);

    if (!o) {
        vd_buf_printf(complaint, "there is no option --" VD_F, VD_A(name));
        suggest_name(a, name, hint);
        return false;
    }
    if (o->type == VD_OPT_FLAG) {
        if (!equals)
            return add(a, o, NULL, complaint, hint);
        vd_buf_printf(complaint, "--%s takes no value", o->name);
        return false;
    }
    if (equals)
        return add(a, o, whole.p + name.n + 1, complaint, hint);
    if (last) {
        vd_buf_printf(complaint, "--%s needs a value: %s", o->name, o->argument);
        return false;
    }
    *used = 1;
    return add(a, o, word[1], complaint, hint);
}

static bool parse_letters(vd_args *a, char **word, bool last, int *used, vd_buf *complaint, vd_buf *hint)
{
    vd_str name = vd_str_of(*word + 1);

    if (find_long(a, vd_str_first(name, vd_str_find(name, '=')))) { /* -format */
        vd_buf_printf(complaint, "there is no option %s", *word);
        vd_buf_printf(hint, "did you mean -%s?", *word);
        return false;
    }
    for (const char *p = *word + 1; *p; p++) {
        const vd_opt *o = find_letter(a, *p);

        if (!o) {
            vd_buf_printf(complaint, "there is no option -%c", *p);
            if (p == *word + 1 && strlen(p) > 2)
                suggest_name(a, name, hint); /* -frmat */
            return false;
        }
        if (o->type == VD_OPT_FLAG) {
            if (!add(a, o, NULL, complaint, hint))
                return false;
            continue;
        }
        if (p[1])
            return add(a, o, p + 1, complaint, hint);
        if (last) {
            vd_buf_printf(complaint, "-%c needs a value: %s", o->letter, o->argument);
            return false;
        }
        *used = 1;
        return add(a, o, word[1], complaint, hint);
    }
    return true;
}

static bool add_presets(vd_args *a, vd_buf *complaint, vd_buf *hint)
{
    for (size_t i = 0; i < a->group_count; i++)
        for (size_t j = 0; j < a->groups[i]->count; j++) {
            const vd_opt *o = &a->groups[i]->at[j];
            const char   *value = o->preset ? getenv(o->preset) : NULL;

            if (!value || !*value)
                continue;
            if (!add(a, o, value, complaint, hint)) {
                vd_buf_printf(complaint, " (from the environment, %s)", o->preset);
                return false;
            }
        }
    return true;
}

bool vd_args_parse(vd_args *out, const vd_opts *const *groups, size_t group_count, int argc, char **argv,
                   vd_buf *complaint, vd_buf *hint)
{
    const vd_allocator *heap = vd_allocator_default();
    vd_args            *a = out;
    bool                only_words = false;

    *a = (vd_args){ .groups = groups, .group_count = group_count, .room = (size_t)argc + MOST_NAMES };
    /* A bundle of flags may be longer than one row a word. */
    for (int i = 0; i < argc; i++)
        if (argv[i][0] == '-' && argv[i][1] != '-')
            a->room += strlen(argv[i]);
    a->given = vd_alloc0(heap, a->room * sizeof *a->given);
    a->words = vd_alloc0(heap, a->room * sizeof *a->words);
    if (!a->given || !a->words) {
        vd_buf_add(complaint, VD_S("out of memory"));
        return false;
    }
    if (!add_presets(a, complaint, hint))
        return false;
    a->preset_count = a->given_count;
    for (int i = 0; i < argc; i++) {
        bool last = i + 1 == argc;
        int  used = 0;

        if (only_words || argv[i][0] != '-' || argv[i][1] == 0)
            a->words[a->word_count++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (argv[i][1] == '-' ? !parse_long(a, argv + i, last, &used, complaint, hint)
                                   : !parse_letters(a, argv + i, last, &used, complaint, hint))
            return false;
        i += used;
    }
    return true;
}

void vd_args_done(vd_args *a)
{
    const vd_allocator *heap = vd_allocator_default();

    vd_free(heap, a->given, a->room * sizeof *a->given);
    vd_free(heap, (void *)a->words, a->room * sizeof *a->words);
    *a = (vd_args){ 0 };
}

bool vd_args_knows(const vd_args *a, const char *name)
{
    return find_long(a, vd_str_of(name)) != NULL;
}

uint32_t vd_args_count(const vd_args *a, const char *name)
{
    uint32_t count = 0;

    vd_assert(find_long(a, vd_str_of(name)));
    for (uint32_t i = 0; i < a->given_count; i++)
        count += strcmp(a->given[i].opt->name, name) == 0;
    return count;
}

bool vd_args_has(const vd_args *a, const char *name)
{
    return vd_args_count(a, name) > 0;
}

bool vd_args_typed(const vd_args *a, const char *name)
{
    vd_assert(find_long(a, vd_str_of(name)));
    for (uint32_t i = a->preset_count; i < a->given_count; i++)
        if (strcmp(a->given[i].opt->name, name) == 0)
            return true;
    return false;
}

const char *vd_args_at(const vd_args *a, const char *name, uint32_t index)
{
    vd_assert(find_long(a, vd_str_of(name)));
    for (uint32_t i = 0; i < a->given_count; i++)
        if (strcmp(a->given[i].opt->name, name) == 0 && index-- == 0)
            return a->given[i].value;
    return NULL;
}

const char *vd_args_text(const vd_args *a, const char *name)
{
    uint32_t count = vd_args_count(a, name);

    return count ? vd_args_at(a, name, count - 1) : NULL;
}

uint32_t vd_args_number(const vd_args *a, const char *name, uint32_t otherwise)
{
    const char *text = vd_args_text(a, name);
    uint32_t    v;

    return text && read_number(text, &v) ? v : otherwise;
}
