/* SPDX-License-Identifier: Apache-2.0
 *
 * The services as an importer collects them, in whatever order, before they are sorted and written as text.
 */
#ifndef VERDICT_CATALOG_IMPORT_INT_H
#define VERDICT_CATALOG_IMPORT_INT_H

#include "catalog/import.h"
#include "text/doc.h"

typedef struct vd_names {
    vd_str  *at;
    uint32_t count, cap;
} vd_names;

typedef struct vd_import_key {
    vd_str name, type;
} vd_import_key;

typedef struct vd_import_type {
    vd_str   name;
    vd_names arns, keys;
} vd_import_type;

typedef struct vd_import_use {
    vd_str   type;
    bool     required;
    vd_names keys;
} vd_import_use;

typedef struct vd_import_action {
    vd_str         name;
    char           level;
    vd_import_use *uses;
    uint32_t       use_count, use_cap;
    vd_names       keys;
} vd_import_action;

typedef struct vd_import_service {
    vd_str            prefix, title, category;
    bool              rcp;
    vd_import_key    *keys;
    vd_import_type   *types;
    vd_import_action *actions;
    uint32_t          key_count, key_cap, type_count, type_cap, action_count, action_cap;
} vd_import_service;

typedef struct vd_import {
    vd_arena               *arena;
    const vd_catalog_files *in;
    const vd_catalog       *base;
    vd_str                  root; /* what stands before the names of a package: "package/data/" */
    vd_limits               limits;
    vd_catalog_note        *note;
    void                   *user;
    vd_error               *err;
    vd_str                  source, version, date;
    vd_import_service      *services;
    uint32_t                service_count, service_cap;
} vd_import;

#define VD_IMPORT_PUSH(im, list, count, cap, ...) \
    (VD_ARENA_PUSH((im)->arena, list, count, cap, __VA_ARGS__) ? VD_OK : vd_fail_nomem((im)->err))

const vd_catalog_text *vd_import_file(const vd_import *im, vd_str name); /* NULL: there is none */
vd_code                vd_import_json(vd_import *im, vd_doc *out, const vd_catalog_text *file);
vd_str                 vd_import_member(const vd_doc *d, uint32_t object, vd_str name); /* a string; else empty */
vd_code                vd_import_names(vd_import *im, vd_names *out, const vd_doc *d, uint32_t list, bool keys);
vd_code                vd_import_key_name(vd_import *im, vd_str *out, vd_str name); /* as of the text form */
void                   vd_import_note(const vd_import *im, vd_str file, const char *what, vd_str name);

vd_code vd_import_package(vd_import *im);
vd_code vd_import_reference(vd_import *im);
vd_code vd_import_write(vd_import *im, vd_catalog_files *out);

#endif
