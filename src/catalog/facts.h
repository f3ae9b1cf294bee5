/* SPDX-License-Identifier: Apache-2.0
 *
 * The few facts about AWS that enter a decision, from the tables of data/catalog/tables/: which keys are multivalued
 * (E507), which services RCPs reach (E710), which services are global (E641), what only AWS may change (E318), the
 * exceptions of E210 and E707.  Built into the library as sorted tables; a compiled set keeps what it needs.
 */
#ifndef VERDICT_CATALOG_FACTS_H
#define VERDICT_CATALOG_FACTS_H

#include "base/base.h"

typedef enum vd_arity { VD_ARITY_UNKNOWN, VD_ARITY_ONE, VD_ARITY_MANY } vd_arity;

vd_arity vd_key_arity(vd_str key);                   /* without case; knows "aws:ResourceTag/..." and the like */
bool     vd_service_has_rcp(vd_str service);         /* lower case prefix */
uint32_t vd_rcp_service_count(void);                 /* all of them, sorted: a set copies the list */
vd_str   vd_rcp_service_at(uint32_t index);
bool     vd_service_is_global(vd_str service);
/* E318; list: "policy" "reserved-role" "linked-role" "alias". */
bool     vd_action_only_aws(vd_str list, vd_str name);
bool     vd_scp_exempt(vd_str service, vd_str name, bool root); /* E707 */
/* E210: what "*" is checked as; empty: "*".  partition: of the principal, empty is taken as "aws". */
vd_str   vd_star_resource(vd_str service, vd_str name, vd_str partition);
bool     vd_action_hides_owner(vd_str service, vd_str name); /* E631: no aws:ResourceAccount, aws:ResourceOrg* */
bool     vd_service_tags_itself(vd_str service);     /* E630: it has a <service>:ResourceTag/k of its own */
bool     vd_service_tags_call(vd_str service, vd_str caller); /* and calls of `caller` have it */
vd_str   vd_partition_region(vd_str partition);      /* E641: of global services; empty: not known */
vd_str   vd_service_label(vd_str principal);         /* "sns.amazonaws.com" without what all of them end in */
vd_str   vd_service_without_region(vd_str name);     /* "logs.eu-west-1" -> "logs" */

#endif
