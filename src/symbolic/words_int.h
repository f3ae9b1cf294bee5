/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of words share: letters and what wildcards take of them, and the search.
 */
#ifndef VERDICT_SYMBOLIC_WORDS_INT_H
#define VERDICT_SYMBOLIC_WORDS_INT_H

#include "symbolic/words.h"

/* Letters that some wildcard leaves out.  A kind is one of these or none, what a wildcard leaves out is a set of them. */
enum {
    VD_KIND_COLON = 1,
    VD_KIND_SLASH = 2,
    VD_KIND_NEWLINE = 4,
    VD_KIND_LETTER = 8,
    VD_KIND_VARIABLE = 16,
    VD_KINDS = 32
};

enum { VD_BYTE = 0x110000 }; /* a byte that is no UTF-8 is a letter of its own, past all code points */

static inline bool vd_words_is_wild(char c)
{
    return (unsigned char)c >= (unsigned char)VD_STAR_LINE;
}

static inline bool vd_words_is_star(char c)
{
    return c == VD_STAR || c == VD_STAR_IN || c == VD_STAR_NAME || c == VD_STAR_LINE;
}

/* These are asked of every letter of every pattern, and nearly all of them are ASCII. */
static inline uint32_t vd_words_leaves_out(char wild, bool variables)
{
    enum { NAME = VD_KIND_COLON | VD_KIND_SLASH | VD_KIND_NEWLINE };
    static const uint8_t out[] = { /* from VD_STAR_LINE on */
        VD_KIND_NEWLINE, NAME | VD_KIND_LETTER, NAME, NAME, VD_KIND_COLON, VD_KIND_COLON, 0, 0
    };

    return out[(unsigned char)wild - (unsigned char)VD_STAR_LINE] | (variables && wild != VD_STAR ? VD_KIND_VARIABLE : 0u);
}

static inline uint32_t vd_words_kind(uint32_t letter, bool variables) /* LETTER: all but digits and those above */
{
    if (letter >= '0' && letter <= ':')
        return letter == ':' ? VD_KIND_COLON : 0;
    if (letter == '/' || letter == '\n')
        return letter == '/' ? VD_KIND_SLASH : VD_KIND_NEWLINE;
    return variables && letter >= VD_VARIABLE && letter < VD_BYTE ? VD_KIND_VARIABLE : VD_KIND_LETTER;
}

uint32_t vd_words_lower_other(uint32_t letter);            /* beyond ASCII */
uint32_t vd_words_letter_other(vd_str s, uint32_t *n);

static inline uint32_t vd_words_lower(uint32_t letter)
{
    return letter >= 0x80 ? vd_words_lower_other(letter) : letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
}

static inline uint32_t vd_words_letter(vd_str s, uint32_t *n) /* the letter at s, of n bytes */
{
    *n = 1;
    return (unsigned char)s.p[0] < 0x80 ? (unsigned char)s.p[0] : vd_words_letter_other(s, n);
}

bool     vd_words_allows(const vd_domain *d, uint32_t letter);
/* The letters of people first: small ones, capitals, digits. */
uint32_t vd_words_rank(uint32_t letter);
enum { VD_WORDS_READABLE = 68 };
extern const char vd_words_readable[VD_WORDS_READABLE];

/* What matching may use, and whether that was too little. */
typedef struct vd_means {
    vd_arena *arena;
    uint64_t *budget;
    bool      spent, nomem;
} vd_means;

/* Does the word match?  Exact, for all wildcards; false as well when the means do not suffice. */
bool vd_word_matches(vd_str pattern, bool fold, bool variables, vd_str word, vd_means *means);

/* words_quick.c.  UNKNOWN: ask the search. */
vd_answer vd_words_guess(vd_str *word, const vd_words *q, vd_arena *arena, uint64_t *budget, bool *nomem);
/* The same question with fewer patterns. */
bool vd_words_simplify(vd_words *out, const vd_words *q, vd_arena *arena, uint64_t *budget);
/* Is a language finite, and made of texts as they are? */
bool vd_words_are_texts(const vd_globs *l);
bool vd_words_fits(const vd_words *q, vd_str word, vd_arena *arena, uint64_t *budget, bool *nomem);

/* ------------------------------------------------------------------ the search */

typedef struct vd_token {
    uint32_t letter; /* lowered when the language folds */
    char     wild;   /* VD_STAR ...; 0: the letter */
} vd_token;

typedef struct vd_automaton {
    const vd_token *tokens;
    uint32_t        count;
    uint32_t        base; /* first bit of its positions in a tuple: count + 1 of them */
    bool            fold, wanted;
} vd_automaton;

/* A wanted language: a run of automata, and with that of bits. */
typedef struct vd_bits {
    uint32_t from, to;
} vd_bits;

/* A letter that patterns name, or one that stands for all of its kind that none names. */
typedef struct vd_symbol {
    uint32_t letter, kind;
    uint32_t many; /* letters that it stands for */
    bool     named;
} vd_symbol;

/* A tuple that was seen; its words are behind it. */
typedef struct vd_seen {
    uint32_t parent; /* VD_NONE: the first */
    uint32_t symbol, length, hash;
} vd_seen;

static inline uint64_t *vd_seen_tuple(const vd_seen *seen)
{
    return (uint64_t *)(uintptr_t)(seen + 1);
}

enum { VD_SEEN_BLOCKS = 20, VD_SEEN_FIRST = 64, VD_CASES = 4 };

typedef struct vd_search {
    const vd_words *q;
    vd_arena       *arena;
    uint64_t       *budget;
    bool            in_order; /* of digits each is a symbol: words of them are found in their order */
    vd_automaton   *automata;
    uint32_t        automaton_count, bits;
    vd_bits        *wanted;
    uint32_t        wanted_count;
    uint32_t        words;   /* 64-bit words of a tuple */
    uint64_t       *stars;   /* positions before a star */
    uint64_t       *wide;    /* and before one that takes everything */
    uint64_t       *narrow;  /* and before another that makes positions before it needless */
    uint64_t       *literal; /* positions that take some letters only */
    uint64_t       *last;    /* positions that accept, of wanted languages and of others */
    uint64_t       *refused;
    uint64_t       *hopeless; /* from these on, a language that is not wanted takes all that follows */
    uint32_t       *floor;    /* of a star: the first position that it makes needless */
    uint64_t       *takes;    /* of symbol i at i * words */
    vd_symbol      *symbols;
    uint32_t        symbol_count, symbol_cap, symbol_words;
    uint32_t        of_ascii[128]; /* symbols, VD_NONE: not one */
    uint32_t
        *named; /* of position i at i * VD_CASES: the symbols that its letter is, VD_NONE behind the last */
    uint64_t *of_kind;      /* symbols of kind k at k * symbol_words */
    uint64_t *next_symbols; /* room */
    uint32_t  used_kinds;   /* those that some wildcard leaves out */
    size_t    stride;       /* bytes of a vd_seen */
    char     *blocks[VD_SEEN_BLOCKS];
    uint32_t  seen_count;
    uint32_t *table; /* open addressing: index + 1; 0: free */
    uint32_t  table_size;
    size_t    bytes;
    bool      nomem;
} vd_search;

typedef enum vd_hope { VD_HOPE_NONE, VD_HOPE_SOME, VD_HOPE_ACCEPTS } vd_hope;

static inline void vd_words_set_bit(uint64_t *t, uint32_t i)
{
    t[i / 64] |= (uint64_t)1 << i % 64;
}

bool    vd_search_make(vd_search *s);         /* words_automata.c; false: too much, or no memory */
bool    vd_search_make_symbols(vd_search *s); /* words_symbols.c */
void    vd_search_begin(const vd_search *s, uint64_t *tuple);
void    vd_search_step(const vd_search *s, const uint64_t *from, uint64_t *to, uint32_t symbol);
vd_hope vd_search_judge(const vd_search *s, const uint64_t *tuple, uint32_t length);
/* The next letter of a kind that no pattern names; VD_NONE asks for the first, and is what comes behind the last. */
uint32_t vd_search_next_free(const vd_search *s, uint32_t kind, uint32_t letter);
/* The symbols that lead from a tuple to different ones, as bits of s->next_symbols. */
void vd_search_symbols(vd_search *s, const uint64_t *tuple);

/* words_search.c */
static inline vd_seen *vd_search_at(const vd_search *s, uint32_t i)
{
    uint32_t block = 31 - (uint32_t)__builtin_clz(i / VD_SEEN_FIRST + 1);

    return (vd_seen *)(void *)(s->blocks[block] + (i - (((1u << block) - 1) * VD_SEEN_FIRST)) * s->stride);
}

vd_answer vd_search_walk(vd_search *s, vd_str *word);
bool      vd_search_spend(vd_search *s, uint64_t units);
/* The index of the tuple, *fresh when it was not seen before; VD_NONE: budget or limits are spent, or there is no memory. */
uint32_t vd_search_remember(vd_search *s, const uint64_t *tuple, vd_seen about, bool *fresh);

#endif
