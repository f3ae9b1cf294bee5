/* SPDX-License-Identifier: Apache-2.0
 *
 * Decryption with every key.
 */
#include "lint/rules/permission.h"

void vd_permission_keys(const vd_allowed *e)
{
    static const char *const keys[] = { "kms:ViaService", "kms:EncryptionContext", "kms:EncryptionContext:", "kms:ResourceAliases",
                                        "kms:EncryptionContextKeys", "kms:RequestAlias" };
    static const vd_named    ways[] = { VD_NAMED_KMS_DECRYPT, VD_NAMED_KMS_RE_ENCRYPT };
    vd_guards                guards = { keys, VD_COUNT(keys) };
    vd_finding              *f;

    for (size_t i = 0; i < VD_COUNT(ways); i++) {
        const vd_grant *g = vd_allow_broadly(e, e->powers->named[ways[i]], VD_BREADTH_ALL, guards);

        if (!g)
            continue;
        f = vd_lint_report(g->l, &vd_permission_rules[KMS_DECRYPT_ANY], g->st, g->token,
                           "can decrypt with every key whose policy lets IAM decide");
        vd_soften(f, g->mfa, g->doubtful);
        return;
    }
}
