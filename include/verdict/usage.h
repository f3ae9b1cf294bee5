/* SPDX-License-Identifier: Apache-2.0
 *
 * What was really used: CloudTrail and other evidence, boiled down to facts that can be merged.  A fact says what the log
 * said (source and name of the event, not the action of IAM): a better table of actions reads old summaries anew.
 *
 * The library reads no files: bytes come from sources and go to sinks of the caller.  One owner for each vd_usage; workers
 * have their own, made with the first one as `with`, and are merged afterwards.
 */
#ifndef VERDICT_USAGE_H
#define VERDICT_USAGE_H

#include <verdict/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_usage vd_usage;

/* Bytes in order: how many were put to out (room for n), 0 at the end, negative: they cannot be read on. */
typedef struct vd_usage_source {
    ptrdiff_t (*read)(void *ctx, char *out, size_t n);
    void *ctx;
} vd_usage_source;

/* False: nobody takes any more. */
typedef bool vd_usage_sink(void *ctx, vd_str bytes);

/* Something about an input: why a record, or a part of a file, is not used. */
typedef struct vd_usage_note {
    size_t   size;
    vd_str   unit;
    vd_str   code;   /* "json-bad-line" */
    vd_str   text;
    uint64_t offset; /* in the decoded bytes */
    uint64_t packed; /* in the gzip data; UINT64_MAX: none */
    uint64_t record; /* number of the record within the unit, from 1; 0: none */
    bool     loss;   /* something was lost; else it was only left out */
} vd_usage_note;

typedef struct vd_usage_opts {
    size_t   size;
    uint64_t memory;        /* facts held before `spill` is asked; 0: 64 MiB */
    uint64_t dedup_memory;  /* of the set of event ids; 0: 64 MiB */
    uint64_t inflate_bytes; /* gzip data that is unpacked as a whole at most; 0: 32 MiB */
    uint64_t record_bytes;  /* one record; 0: 32 MiB */
    uint64_t document_bytes; /* one report; 0: 32 MiB */
    int64_t  from, to;      /* seconds; both 0: any time */
    int64_t  now;           /* seconds; 0: no time is in the future */
    bool     any_version;   /* events of a major version that is not known */
    vd_str   principal;     /* ARN: of reports and tables that do not say it */
    vd_str   account;       /* only events of this account; empty: all */
    int32_t  overlap;       /* summaries that hold the same unit: VD_OVERLAP_... */
    bool     mixed;         /* summaries that know other bits of guards are taken all the same */
    bool     salvage;       /* and what can be read of those that are damaged */
    void (*note)(void *ctx, const vd_usage_note *note);
    bool (*spill)(void *ctx, vd_usage *usage); /* writes the facts away with vd_usage_spill; false: it cannot */
    void *ctx;
    bool   tabbed; /* lines have a tab between key and value, as engines group them by; those of several summaries may be mixed */
    bool   redact; /* pseudonyms for ids of access keys, session tokens, mail in names of sessions */
    vd_str salt;   /* of these */
    bool   verify; /* SHA-256 of what is unpacked: it is held against what digests say */
    const struct vd_catalog *catalog; /* ARN formats of services; borrowed as long as the vd_usage lives; NULL: what is built in */
    int64_t key_slack; /* seconds, for vd_usage_passes_over; 0: nothing is passed over */
} vd_usage_opts;

/* Summaries with the same unit: refused; of two counts the greater; both counts. */
enum { VD_OVERLAP_REFUSE = 0, VD_OVERLAP_MAX = 1, VD_OVERLAP_SUM = 2 };

/* What the bytes are. */
enum {
    VD_USAGE_ANY = 0, /* look and see */
    VD_USAGE_TRAIL,   /* CloudTrail JSON in any container */
    VD_USAGE_CSV,     /* any table, by its header */
    VD_USAGE_REPORT,  /* a JSON report: Access Advisor, credentials, account details, findings, settings of a trail */
    VD_USAGE_DIGEST,  /* of log files: no usage, but which hours and files there must be */
    VD_USAGE_SUMMARY
};

/* with: another one whose event ids count as seen; NULL: none.  It must outlive the new one. */
VD_API vd_code vd_usage_new(vd_usage **out, const vd_engine *engine, const vd_usage_opts *opts, vd_usage *with,
                            vd_error *err);
VD_API void    vd_usage_free(vd_usage *usage);

/* Reads one unit: a file, an object of a bucket, a stream.  What is wrong with it is told in notes and counters; the call
 * fails only without memory, or when spill does. */
VD_API vd_code vd_usage_add(vd_usage *usage, int32_t kind, vd_str unit, const vd_usage_source *source, vd_error *err);
VD_API vd_code vd_usage_add_bytes(vd_usage *usage, int32_t kind, vd_str unit, vd_str bytes, vd_error *err);
/* With opts.key_slack: does the name of a unit, as CloudTrail gives it, say that it was delivered so long before opts.from or after
 * opts.to that it needs no reading?  Then it is counted as left out, and true is the answer.  Late events, which CloudTrail may
 * deliver days after they happened, are lost with it. */
VD_API bool    vd_usage_passes_over(vd_usage *usage, vd_str unit);
/* A unit that could not be opened at all. */
VD_API vd_code vd_usage_add_failed(vd_usage *usage, vd_str unit, vd_str why, vd_error *err);

/* What the other one has found goes over to this one. */
VD_API vd_code vd_usage_join(vd_usage *usage, vd_usage *other, vd_error *err);

/* The facts in their order, and nothing of the counters; then forgets them.  For `spill`: what was written so is given to
 * vd_usage_write again. */
VD_API vd_code vd_usage_spill(vd_usage *usage, vd_usage_sink *sink, void *ctx, vd_error *err);
/* A summary of all that was read, of what was spilled too.  partial: more was to come.  VD_EINVAL: summaries that were
 * added hold the same unit, and opts.overlap is VD_OVERLAP_REFUSE. */
VD_API vd_code vd_usage_write(vd_usage *usage, const vd_usage_source *spilled, size_t count, vd_usage_sink *sink, void *ctx,
                              bool partial, vd_error *err);
/* Forgets facts, units and counters, not the event ids. */
VD_API void    vd_usage_reset(vd_usage *usage);

/* One fact of a summary.  Everything is borrowed until the callback returns. */
typedef struct vd_usage_strings {
    const vd_str *at;
    size_t        count;
    bool          more; /* than are kept */
} vd_usage_strings;

typedef struct vd_usage_fact {
    size_t   size;
    vd_str   principal;                      /* account|kind|unique id|path and name */
    vd_str   principal_account, principal_kind, principal_id, principal_name;
    vd_str   account;                        /* whose log it is, when that is not the principal's */
    vd_str   region, source, name, api_version;
    vd_str   via;                            /* the service that called for the principal */
    vd_str   outcome;                        /* ok, dry-run, denied, authn-fail, throttled, error */
    vd_str   kind;                           /* empty: a call; console-action, sign-in, aggregated ... */
    uint64_t guards;                         /* bits of the registry; of no meaning when !guards_known */
    bool     guards_known;
    uint64_t count;
    int64_t  first, last;
    uint32_t days;                           /* on how many days */
    vd_usage_strings resources, roles, endpoints, networks, source_identities, holders, samples;
    bool     mfa_true, mfa_false, mfa_none;
    bool     management, data, network_activity; /* what the records said of themselves; none: nothing */
    bool     reads, writes;
    vd_usage_strings types;                  /* of the resources of data events: "AWS::S3::Object" */
    vd_usage_strings made;                   /* ARNs of what the calls made, out of their answers */
    vd_usage_strings asked;                  /* what conditions can test of the parameters, an object of keys for each call:
                                                {"aws:RequestTag/env":"prod"} */
    uint64_t         resources_about;        /* how many there may be, when there are more than are kept: an eighth up or down; else 0 */
    vd_usage_strings resource_patterns;      /* and patterns that match all of them; none: nothing is known of the others */
} vd_usage_fact;

/* Evidence that is no event: a report said so. */
typedef struct vd_usage_evidence {
    size_t  size;
    vd_str  kind;    /* access-advisor, credentials, ... */
    vd_str  subject; /* whom it is about: an ARN */
    vd_str  item;    /* which service, action, key ... */
    int64_t as_of;   /* when the report was made */
    vd_str  values;  /* a JSON object */
} vd_usage_evidence;

typedef struct vd_usage_unit {
    size_t   size;
    vd_str   id, hash;
    uint64_t bytes, events;
    int64_t  first, last; /* of its events; both 0: none */
    vd_str   sha256;      /* of the unpacked bytes; empty: it was not asked for */
} vd_usage_unit;

typedef struct vd_usage_reader {
    size_t size;
    void (*fact)(void *ctx, const vd_usage_fact *fact);
    void (*evidence)(void *ctx, const vd_usage_evidence *evidence);
    void (*unit)(void *ctx, const vd_usage_unit *unit);
    void (*counter)(void *ctx, vd_str name, uint64_t value);
    void *ctx;
} vd_usage_reader;

/* Walks a summary; members of reader may be NULL. */
VD_API vd_code vd_usage_read(const vd_engine *engine, vd_str name, const vd_usage_source *source, bool salvage,
                             const vd_usage_reader *reader, vd_error *err);

/* A counter of what was read so far, by its name in a summary ("evUsed"). */
VD_API uint64_t vd_usage_counter(const vd_usage *usage, vd_str name);
/* Name of counter i; empty: there are no more. */
VD_API vd_str vd_usage_counter_name(size_t index);
#ifdef __cplusplus
}
#endif
#endif
