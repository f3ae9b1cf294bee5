/* SPDX-License-Identifier: Apache-2.0
 *
 * All nodes at a path with lists in it, "Roles[].Policies[].PolicyDocument", in their order in the file.
 */
#ifndef VERDICT_EXTRACT_EACH_H
#define VERDICT_EXTRACT_EACH_H

#include "text/doc.h"

enum { VD_EACH_STEPS = 8 };

typedef struct vd_each {
    const vd_doc *doc;
    uint32_t      count; /* of steps */
    struct {
        vd_str   name;
        bool     list;
        uint32_t holder; /* the object that has the member */
        uint32_t child, index, end; /* of a list: the element, and where the list ends */
    } steps[VD_EACH_STEPS];
    bool started;
} vd_each;

vd_each vd_each_of(const vd_doc *doc, uint32_t object, vd_str path);
bool    vd_each_next(vd_each *e, uint32_t *node);

/* The value of a member of the innermost object on the way that has it; VD_NONE: none has. */
uint32_t vd_each_find(const vd_each *e, const char *path, uint32_t *holder);
/* base with the way to the node behind it.  False: no memory. */
bool vd_each_pointer(const vd_each *e, vd_arena *arena, vd_str base, vd_str *out);

#endif
