/* SPDX-License-Identifier: Apache-2.0
 *
 * Layout of a compiled block (*.vdb).  The form in memory and in the file are the same bytes: offsets and indices
 * instead of pointers, 32 bits, little endian, every array aligned to 16.  src/compile writes it, check.c proves every
 * index once, run.c trusts it.
 *
 *   header | bytes | pool | keys | atoms | values | ... one array for each section, in the order of vd_section
 *
 * Opening a large block leaves alone what most requests never ask for.  The slots of a tree are proved when the tree is first
 * asked, against a checksum in the tree; the texts of the policies, which no decision reads, and what is known besides them,
 * when somebody first wants one.
 *
 * A tree indexes the statements of one list of documents: service and action first (exact names by hash, prefixes by a
 * compressed trie, the rest in one list), below a long list a second trie over the resource field of the patterns.
 * What hangs there are entries: statement, what is left to test of its action, its resource, its condition.
 */
#ifndef VERDICT_EVAL_IMAGE_H
#define VERDICT_EVAL_IMAGE_H

#include "base/base.h"

#define VD_IMAGE_MAGIC "verdict"
enum { VD_IMAGE_FORMAT = 3, VD_IMAGE_ALIGN = 16 };

typedef enum vd_section {
    VD_SEC_BYTES,      /* uint8_t: texts, coded patterns, typed values */
    VD_SEC_POOL,       /* uint32_t: short lists */
    VD_SEC_KEYS,       /* vd_ikey */
    VD_SEC_KEY_SLOTS,  /* uint32_t: open addressing, key + 1; count is a power of two */
    VD_SEC_ATOMS,      /* vd_iatom */
    VD_SEC_VALUES,     /* vd_ivalue */
    VD_SEC_PARTS,      /* vd_ipart */
    VD_SEC_PATTERNS,   /* vd_ipattern: resources */
    VD_SEC_ACTIONS,    /* vd_iaction: patterns to test */
    VD_SEC_PRINCIPALS, /* vd_iprincipal */
    VD_SEC_STATEMENTS, /* vd_istatement */
    VD_SEC_INFOS,      /* vd_iinfo: of statements, cold */
    VD_SEC_POLICIES,   /* vd_ipolicy, cold */
    VD_SEC_TREES,      /* vd_itree */
    VD_SEC_NODES,      /* vd_inode */
    VD_SEC_ENTRIES,    /* vd_ientry; a list is a header entry and what follows; entry 0 is the empty list */
    VD_SEC_LEVELS,     /* vd_ilevel */
    VD_SEC_CHAINS,     /* vd_ichain: SCP and RCP paths */
    VD_SEC_BINDINGS,   /* vd_ibinding; the first is the default */
    VD_SEC_PRINCIPAL_SLOTS, /* uint32_t: binding + 1 by hash of the ARN */
    VD_SEC_RESOURCE_SLOTS,
    VD_SEC_ACCOUNT_SLOTS,
    VD_SEC_RCP_SERVICES, /* vd_itext, sorted */
    VD_SEC_SERVICES,   /* vd_iservice: hash slots of the trees; from here on with checksums of their own */
    VD_SEC_NAMES,      /* vd_iname: hash slots of the services, those of one tree side by side */
    VD_SEC_KNOWN,      /* uint8_t: what is known besides policies, a block of its own (vd_iknown); empty: nothing */
    VD_SEC_TEXTS,      /* uint8_t: texts of policies */
    VD_SEC_COUNT
} vd_section;

typedef struct vd_isection {
    uint32_t offset, count;
} vd_isection;

typedef struct vd_image {
    char     magic[8];
    uint32_t format;
    uint32_t order;     /* 0x01020304 as the writer stores it */
    uint64_t size;
    uint64_t checksum;  /* of all other bytes before VD_SEC_SERVICES */
    uint64_t texts;     /* checksum of VD_SEC_TEXTS */
    uint64_t known;     /* of VD_SEC_KNOWN */
    uint64_t seed;      /* of the hash tables; follows from the content */
    uint32_t stripped;
    uint32_t max_text;  /* the longest pattern or template: room for expansion */
    uint32_t fingerprint; /* of the key table: keys bound by id carry it */
    uint32_t statement_bytes; /* for reports: hot bytes of statements and trees */
    vd_isection sections[VD_SEC_COUNT];
} vd_image;

typedef struct vd_itext {
    uint32_t off, len; /* in bytes */
} vd_itext;

typedef struct vd_ikey {
    vd_itext name;   /* the first spelling */
    uint32_t hash;   /* low half of vd_ihash */
    uint8_t  arity;  /* vd_arity */
    uint8_t  derive; /* vd_derive */
    uint16_t unused;
    uint32_t source; /* key that the derivation reads, or VD_NONE */
    uint32_t unused2;
} vd_ikey;

enum { /* vd_iatom.flags */
    VD_ATOM_NEGATED = 1,
    VD_ATOM_IF_EXISTS = 2,
    VD_ATOM_TYPED = 4,
    VD_ATOM_NONE_GOOD = 8,   /* has values, and none is well formed */
    VD_ATOM_NULL_TRUE = 16,  /* Null: "true" is among the values */
    VD_ATOM_NULL_FALSE = 32,
    VD_ATOM_SORTED = 64,     /* literal strings, sorted: search by halves */
    VD_ATOM_UNREAD = 128     /* what cannot be parsed passes (E538 read otherwise) */
};

/* One distinct condition test: operator, key, values. */
typedef struct vd_iatom {
    uint32_t key;
    uint8_t  test;       /* vd_test */
    uint8_t  quantifier; /* VD_FOR_ONE ... */
    uint8_t  flags;
    uint8_t  unused;
    vd_itext spelling;   /* of the key, for E504 */
    uint32_t first, count; /* values */
} vd_iatom;

/* A policy value.  What off points at depends on the test: text or coded pattern, vd_number, vd_date, vd_cidr, bytes. */
typedef struct vd_ivalue {
    uint32_t off, len;
    uint16_t shape;  /* vd_glob_shape of a pattern; a Bool: 0 or 1 */
    uint16_t parts;  /* > 0: a template; first is then its first part */
    uint32_t first;
} vd_ivalue;

/* A piece of a template: coded text, or a variable with an optional default. */
typedef struct vd_ipart {
    uint32_t key;      /* VD_NONE: text */
    uint32_t off, len; /* the text, or the default */
    uint16_t fallback; /* there is a default */
    uint16_t field;    /* Arn patterns: 1 when the piece stands in fields one to five (E535) */
    vd_itext spelling; /* of the key, for E504 */
} vd_ipart;

typedef struct vd_ipattern {
    uint32_t off, len;
    uint16_t shape;
    uint16_t parts;
    uint32_t first;
} vd_ipattern;

typedef struct vd_iaction {
    uint32_t off, len; /* coded, lower case */
} vd_iaction;

typedef enum vd_iprincipal_type {
    VD_IP_NEVER,
    VD_IP_ANY,
    VD_IP_ACCOUNT,
    VD_IP_USER,
    VD_IP_ROLE,
    VD_IP_SESSION,
    VD_IP_FEDSESSION,
    VD_IP_UNIQUE_ID,
    VD_IP_SERVICE,
    VD_IP_PROVIDER,
    VD_IP_CANONICAL,
    VD_IP_COUNT
} vd_iprincipal_type;

typedef struct vd_iprincipal {
    uint32_t type;
    vd_itext text;      /* ARN, account, name, id */
    vd_itext partition; /* of an account given as ARN; len 0: any */
    vd_itext name;      /* of a role: its last segment */
    vd_itext account;   /* of a role */
} vd_iprincipal;

/* References inside statements and entries:
 *   act   0: nothing left to test; else pool index of {count | VD_REF_NOT, action patterns ...}
 *   res   VD_NONE: any; VD_REF_LIST | pool index of {count | VD_REF_NOT, patterns ...}; else one pattern
 *   cond  VD_NONE: none; VD_REF_LIST | pool index of {count, atoms ...}; else one atom */
#define VD_REF_LIST 0x80000000u
#define VD_REF_NOT  0x80000000u

enum { /* vd_istatement.flags */
    VD_STATEMENT_DENY = 1,
    VD_STATEMENT_MALFORMED = 2,
    VD_STATEMENT_NOT_PRINCIPAL = 4,
    VD_STATEMENT_PRINCIPAL = 8 /* it has either */
};

typedef struct vd_istatement {
    uint32_t flags;
    uint32_t res, cond;
    uint32_t principal, principal_count;
} vd_istatement;

typedef struct vd_iinfo {
    uint32_t policy, index;
    vd_itext sid;
    uint32_t offset, length, line, column;
} vd_iinfo;

typedef struct vd_ipolicy {
    vd_itext name, text, file; /* text: in VD_SEC_TEXTS, empty when stripped; file: what positions name */
    uint32_t kind, layer;
    uint32_t first, count;     /* statements */
} vd_ipolicy;

typedef struct vd_itree {
    uint32_t docs, doc_count;    /* pool: policies, in the order supplied */
    uint32_t services, service_mask; /* hash slots; mask VD_NONE: none */
    uint32_t any[2];             /* lists: [0] Allow, [1] Deny */
    uint32_t allow_all;          /* lowest statement that allows everything unconditionally, or VD_NONE */
    uint32_t malformed;          /* lowest malformed Deny, or VD_NONE */
    uint32_t has[2];             /* are there statements of this effect at all? */
    uint32_t is_public;          /* E756 */
    uint32_t names, name_count;  /* the name slots of all its services */
    uint32_t sum;                /* vd_image_tree_sum */
} vd_itree;

typedef struct vd_iservice {
    uint32_t hash, used;
    vd_itext name;
    uint32_t all[2];             /* lists of service:* */
    uint32_t names, name_mask;   /* hash slots; mask VD_NONE: none */
    uint32_t trie;               /* node, or VD_NONE */
    uint32_t unused;
} vd_iservice;

typedef struct vd_iname {
    uint32_t hash;
    uint32_t off;    /* the length as uint16_t, then the name; 0: free slot */
    uint32_t list[2];
} vd_iname;

/* A node of a trie: its label, the lists that end here, its children side by side. */
typedef struct vd_inode {
    uint32_t label;
    uint16_t label_len;
    uint16_t child_count;
    uint32_t child;       /* first child */
    uint32_t child_bytes; /* the first byte of each child's label */
    uint32_t list[2];
} vd_inode;

typedef struct vd_ientry {
    uint32_t stmt; /* header: count */
    uint32_t act;  /* header: trie over resources, or VD_NONE */
    uint32_t res;  /* header: VD_HEADER, which no entry has */
    uint32_t cond;
} vd_ientry;
#define VD_HEADER 0x7ffffffeu

typedef struct vd_ilevel {
    uint32_t tree; /* VD_NONE: a level without documents */
    vd_itext target;
} vd_ilevel;

typedef struct vd_ichain {
    uint32_t first, count; /* levels */
} vd_ichain;

enum { VD_BIND_IDENTITY, VD_BIND_BOUNDARY, VD_BIND_SESSION, VD_BIND_RESOURCE, VD_BIND_ACCESS_POINT, VD_BIND_ENDPOINT, VD_BIND_COUNT };

typedef struct vd_ibinding {
    vd_itext name;
    uint32_t tree[VD_BIND_COUNT]; /* VD_NONE: not supplied */
    uint32_t scp, rcp;            /* chains, or VD_NONE */
} vd_ibinding;

/* What a snapshot knew of accounts, principals and resources, for requests that do not say it.  In VD_SEC_KNOWN: this, then
 * the accounts by id, the things by ARN (principals before resources), the roles by account and name, the tags, the texts. */
typedef struct vd_iknown {
    uint32_t accounts, things, roles, tags, texts; /* how many; bytes of texts */
    uint32_t unused;
} vd_iknown;

typedef struct vd_iaccount {
    vd_itext id, org, org_path; /* texts are offsets into the texts of this section */
    uint32_t management, root;  /* root: of the things; VD_NONE: nobody knows */
} vd_iaccount;

enum { VD_ITHING_LINKED = 1, VD_ITHING_BUCKET = 2 };
typedef struct vd_ithing {
    vd_itext arn, id, account, state;
    uint32_t kind; /* vd_known_kind */
    uint32_t flags;
    uint32_t first_tag, tag_count;
} vd_ithing;

typedef struct vd_itag {
    vd_itext key, value;
} vd_itag;

_Static_assert(sizeof(vd_ientry) == 16, "four entries to a cache line");
_Static_assert(sizeof(vd_iname) == 16, "four slots to a cache line");
_Static_assert(sizeof(vd_inode) == 24, "a node is small");
_Static_assert(sizeof(vd_image) % 8 == 0, "the header keeps what follows aligned");

extern const uint8_t vd_section_sizes[VD_SEC_COUNT];

/* Access for those who trust the block. */
static inline const void *vd_image_at(const vd_image *m, vd_section s)
{
    return (const char *)m + m->sections[s].offset;
}

static inline vd_str vd_image_text(const vd_image *m, vd_itext t)
{
    return (vd_str){ (const char *)vd_image_at(m, VD_SEC_BYTES) + t.off, t.len };
}

uint64_t vd_image_checksum(const vd_image *m); /* of a header whose sections are within bounds */
uint64_t vd_image_texts(const vd_image *m);    /* the same */
uint64_t vd_image_known(const vd_image *m);    /* the same */
uint32_t vd_image_tree_sum(const vd_iservice *services, size_t service_count, const vd_iname *names, size_t name_count);

/* Proves every offset, index and length of a block and its checksum; the slots of its trees only when `trees` says so.  After
 * VD_OK nothing in it can make the evaluator leave it or run without end, as long as it asks trees that were proved. */
vd_code vd_image_check(const vd_image *m, size_t size, bool trees, vd_str name, vd_error *err);
/* known.c: what is known besides policies, of a block whose sections are within bounds: checksum and inside. */
bool vd_image_check_known(const vd_image *m);
/* The slots of one tree of a block that was proved otherwise. */
vd_code vd_image_check_tree(const vd_image *m, uint32_t tree, vd_str name, vd_error *err);

#endif
