/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files build*.c share: the catalogue as it grows, and lines of the text form.  Services, resource types and
 * actions get their final ids when they are read, for they are read in order; keys are numbered as they come and sorted
 * at the end.
 */
#ifndef VERDICT_CATALOG_BUILD_INT_H
#define VERDICT_CATALOG_BUILD_INT_H

#include "base/arena.h"
#include "base/map.h"
#include "catalog/build.h"
#include "catalog/catalog.h"

enum { VD_BUILD_FIELDS = 16 };

typedef struct vd_build_ids {
    uint32_t *at;
    uint32_t  count, cap;
} vd_build_ids;

typedef struct vd_build_service {
    vd_str       prefix, title, category;
    bool         rcp;
    uint32_t     first_action, actions, first_type, types;
    vd_build_ids keys;
} vd_build_service;

typedef struct vd_build_type {
    vd_str       name, formats; /* formats: separated by blanks */
    uint32_t     service;
    vd_build_ids keys;
} vd_build_type;

typedef struct vd_build_use {
    uint32_t     type;
    vd_build_ids keys;
} vd_build_use;

typedef struct vd_build_action {
    vd_str        name;
    uint32_t      service;
    uint8_t       level, flags;
    vd_build_ids  types, required, keys, depends, more;
    vd_build_use *uses;
    uint32_t      use_count, use_cap;
} vd_build_action;

typedef struct vd_build_key {
    vd_str   name, group;
    uint32_t type, flags;
    uint32_t service; /* the last one whose file names it, and one more */
} vd_build_key;

typedef struct vd_build_sheet {
    vd_str   name;
    vd_str  *cells;
    uint32_t count, cap, columns;
} vd_build_sheet;

typedef struct vd_build {
    const vd_allocator    *alloc;
    vd_arena               arena;
    vd_catalog_note       *note;
    void                  *user;
    vd_error              *err;
    const vd_catalog_text *files; /* sorted */
    uint32_t               file_count;
    vd_intern              key_names;
    vd_str                 date;
    vd_str                 origin;
    struct {
        uint32_t services, keys, types, actions, uses;
    } told, found;
    vd_build_service *services;
    vd_build_type    *types;
    vd_build_action  *actions;
    vd_build_key     *keys;
    vd_str           *retired;
    vd_build_sheet   *sheets;
    uint32_t          service_count, service_cap, type_count, type_cap, action_count, action_cap, key_count, key_cap,
        retired_count, retired_cap, sheet_count, sheet_cap;
} vd_build;

/* A line, cut at its tabs. */
typedef struct vd_build_line {
    vd_build *b;
    vd_str    file, rest;
    uint32_t  number, fields;
    vd_str    field[VD_BUILD_FIELDS];
} vd_build_line;

#define VD_BUILD_PUSH(b, list, count, cap, ...) \
    (VD_ARENA_PUSH(&(b)->arena, list, count, cap, __VA_ARGS__) ? VD_OK : vd_fail_nomem((b)->err))

vd_build_line vd_build_lines(vd_build *b, const vd_catalog_text *file);
vd_code       vd_build_next(vd_build_line *l, bool *more); /* strict: plain ASCII, no empty field at the end */
vd_code       vd_build_next_row(vd_build_line *l, bool *more); /* of a table: UTF-8, empty fields */
vd_code       vd_build_bad(const vd_build_line *l, const char *what, vd_str quoted);
vd_code       vd_build_add_id(vd_build *b, vd_build_ids *ids, uint32_t id); /* stays sorted and unique */
uint32_t      vd_build_key_id(vd_build *b, vd_str name);                    /* VD_NONE: no memory */
bool          vd_build_key_type(vd_str name, uint32_t *type, bool *many);
uint32_t      vd_build_find_service(const vd_build *b, vd_str prefix);
uint32_t      vd_build_find_action(const vd_build *b, vd_str text);
uint32_t      vd_build_find_type(const vd_build *b, uint32_t service, vd_str name);

vd_code vd_build_service_file(vd_build *b, const vd_catalog_text *file);
vd_code vd_build_overlay(vd_build *b, const vd_catalog_text *file);
vd_code vd_build_table(vd_build *b, const vd_catalog_text *file);
vd_code vd_build_document(vd_build *b, const vd_catalog_text *file);
vd_code vd_build_techniques(vd_build *b, const vd_catalog_text *file); /* of techniques.json besides: VD_SHEET_TECHNIQUE_CALLS */
vd_code vd_build_write(vd_build *b, vd_str *out);

#endif
