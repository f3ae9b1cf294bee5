/* SPDX-License-Identifier: Apache-2.0
 *
 * What every other public header stands on: borrowed strings, positions, error codes, diagnostics, the
 * allocator.  Nothing here does any work.
 */
#ifndef VERDICT_BASE_H
#define VERDICT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define VD_API __attribute__((visibility("default")))
#else
#define VD_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed bytes, not NUL-terminated; whoever made them owns them. */
typedef struct vd_str {
    const char *p;
    size_t      n;
} vd_str;

static inline vd_str vd_str_of(const char *text)
{
    vd_str s;

    s.p = text;
    s.n = text ? strlen(text) : 0;
    return s;
}

/* A place in a text.  Offsets are bytes from 0, lines and columns count from 1, columns are code points. */
typedef struct vd_pos {
    vd_str   file; /* the caller's own name for the text */
    uint32_t offset, length, line, column;
} vd_pos;

typedef int32_t vd_code;

enum {
    VD_OK = 0,
    VD_EINVAL = -1,     /* the caller's arguments make no sense */
    VD_ESYNTAX = -2,    /* the text is not what it should be */
    VD_ELIMIT = -3,     /* a bound of vd_limits was reached */
    VD_EBUDGET = -4,    /* no answer within the given work units */
    VD_ENOMEM = -5,     /* the allocator said no */
    VD_EIO = -6,        /* the operating system said no */
    VD_EFORMAT = -7,    /* not a compiled block, a damaged one, or one of another format */
    VD_EREQUEST = -8,   /* the request cannot be evaluated (ERROR of the evaluation rules) */
    VD_EMALFORMED = -9, /* a policy that bears on the request cannot be evaluated (ERROR) */
    VD_ENOTFOUND = -10,
    VD_EINTERNAL = -11  /* we have a bug */
};

/* Filled when a call fails; lives on the caller's stack.  Set size before the first use, or zero the struct. */
typedef struct vd_error {
    size_t  size;
    int32_t code;
    vd_pos  at;
    char    text[256];
    char    hint[128];
} vd_error;

VD_API const char *vd_code_name(vd_code code);

enum { VD_NOTE = 0, VD_SUGGESTION = 1, VD_WARNING = 2, VD_SECURITY = 3, VD_ERROR = 4 };

/* Something true about a document.  rule is a stable identifier, "json-syntax". */
typedef struct vd_diag {
    size_t  size;
    int32_t severity; /* VD_NOTE ... VD_ERROR */
    vd_str  rule;
    vd_pos  at;
    vd_str  text;
    vd_str  hint; /* empty, or what to do: "did you mean ..." */
} vd_diag;

typedef struct vd_diags vd_diags;

/* The host's allocator.  old and size tell what was asked for before; realloc(NULL, 0, n) allocates. */
typedef struct vd_allocator {
    void *(*realloc)(void *user, void *p, size_t old, size_t size);
    void (*free)(void *user, void *p, size_t size);
    void *user;
} vd_allocator;

/* Every bound on input.  Zero means the default (src/base/limits.c, `verdict help limits`). */
typedef struct vd_limits {
    size_t   size;
    uint64_t document_bytes;     /* one text */
    uint32_t depth;              /* nesting of one text */
    uint32_t nodes;              /* values of one text */
    uint32_t statements;         /* of one policy */
    uint32_t values;             /* entries of one list in a policy */
    uint32_t string_bytes;       /* one string in a policy */
    uint32_t diagnostics;        /* kept for one text; further ones are counted */
    uint32_t set_policies;       /* documents in one set */
    uint32_t set_statements;     /* statements in one set */
    uint64_t set_bytes;          /* a compiled block */
    uint32_t request_keys;       /* context keys of one request */
    uint32_t request_values;     /* values of all its keys */
    uint32_t request_value_bytes; /* one value, one ARN */
    uint32_t request_checks;     /* resources and further checks of one request */
    uint32_t scenario_cases;     /* of one file */
    uint64_t file_bytes;         /* a file that policies are looked for in */
    uint64_t plan_bytes;         /* one that is a Terraform plan or state */
    uint64_t snapshot_bytes;     /* all files of a snapshot */
    uint64_t snapshot_file_bytes; /* one of them */
    uint64_t snapshot_nodes;     /* values of one of them */
    uint32_t snapshot_files;
} vd_limits;

#ifdef __cplusplus
}
#endif
#endif
