#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Writes what an account or an organization looks like into a folder that `verdict --snapshot` reads: each file is the
# untouched answer of one call of the AWS command line (docs/snapshot.md).  Every call only reads.  A call that is refused
# is told at the end and in the manifest; the others go on.

set -uf
LC_ALL=C
export LC_ALL
umask 077

me=${0##*/}
out=snapshot
regions=
profiles=
only=
skip=
dry=
quiet=
aws=${AWS:-aws}

all_services='org iam s3 kms lambda sqs sns secretsmanager ecr efs dynamodb kinesis opensearch events backup glue logs ses s3-outposts ec2 ssm cloudformation codebuild ecs eks states apprunner ram sso rds-snapshots ec2-snapshots'
# One call for every snapshot that the account ever made: only when asked for.
on_request='rds-snapshots ec2-snapshots'

usage() {
    cat <<END
usage: $me [OPTION]...

Writes a snapshot of an account, or of several, with read-only calls of the AWS command line.

  -o, --output DIR       the folder to write (snapshot); one that is there is added to
      --regions LIST     with commas; default the region of the profile; "all": every region that is enabled
      --profile NAME     of the AWS command line; repeat it for several accounts
      --only LIST        services, with commas: $(echo "$all_services" | sed 's/ /, /g')
      --skip LIST        services to leave out
      --dry-run          print the calls, with <name> for what earlier ones answer, and do nothing
  -q, --quiet            say only what is missing
  -h, --help             this page

The organization is read with the first profile that may: the management account's, or a delegated administrator's.
Services that make one call for each snapshot of a disk or database ($(echo "$on_request" | sed 's/ /, /g')) only come with --only.

Exit: 0 all is there, 1 something is missing (it is told, and is in manifest.json), 2 nothing could be done.
END
}

fail() {
    printf '%s: %s\n' "$me" "$*" >&2
    exit 2
}

say() {
    [ -n "$quiet" ] || printf '%s\n' "$*" >&2
}

words() {
    printf '%s' "$1" | tr ',' ' '
}

has() { # has WORD LIST
    case " $2 " in *" $1 "*) return 0 ;; esac
    return 1
}

while [ $# -gt 0 ]; do
    case $1 in
    -o | --output | --regions | --profile | --only | --skip)
        [ $# -ge 2 ] || fail "$1 wants a value"
        case $1 in
        -o | --output) out=$2 ;;
        --regions) regions=$(words "$2") ;;
        --profile) profiles="$profiles $2" ;;
        --only) only=$(words "$2") ;;
        --skip) skip=$(words "$2") ;;
        esac
        shift
        ;;
    --dry-run) dry=1 ;;
    -q | --quiet) quiet=1 ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) fail "there is no option \"$1\"; see $me --help" ;;
    esac
    shift
done
for s in $only $skip; do
    has "$s" "$all_services" || fail "there is no service \"$s\"; see $me --help"
done

wants() { # wants SERVICE
    has "$1" "$skip" && return 1
    if [ -n "$only" ]; then
        has "$1" "$only"
    else
        ! has "$1" "$on_request"
    fi
}

# ------------------------------------------------------------------ calls

profile=
region=
account=
service=
scratch=

# One word at a time, so that a region or a profile may be named anyhow.
run_aws() {
    [ -z "$region" ] || set -- "$@" --region "$region"
    [ -z "$profile" ] || set -- "$@" --profile "$profile"
    AWS_PAGER='' "$aws" "$@"
}

quoted() { # as JSON
    printf '%s' "$1" | tr '\n\t\r' '   ' | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g'
}

missing() { # missing CALL... ; why in $scratch/err
    why=$(sed -n 's/.*(\([A-Za-z.]*\)) when calling.*/\1/p' "$scratch/err" | head -n 1)
    [ -n "$why" ] || why=$(grep -v '^ *$' "$scratch/err" | head -n 1)
    [ -n "$why" ] || why='no answer'
    printf '%s\t%s\n' "$service" incomplete >>"$scratch/status"
    printf '    {"account": "%s", "region": "%s", "service": "%s", "call": "%s", "error": "%s"}\n' "$account" \
        "${region:-global}" "$service" "$(quoted "$*")" "$(quoted "$why")" >>"$scratch/missing"
    printf '%s: missing: %s (%s%s): %s\n' "$me" "$*" "${account:-?}" "${region:+ $region}" "$why" >&2
}

# What these say is that there is no such policy or setting: an answer, not a gap.
is_absence() {
    grep -Eq '\((NoSuchBucketPolicy|NoSuchPublicAccessBlockConfiguration|OwnershipControlsNotFoundError|NoSuchAccessPointPolicy|PolicyNotFoundException|PolicyNotFound|ResourceNotFoundException|RepositoryPolicyNotFoundException|RegistryPolicyNotFoundException|EntityNotFoundException|NoSuchEntity|AWSOrganizationsNotInUseException)\)' "$scratch/err"
}

# A page that says there is more is not the whole.
check_whole() { # check_whole FILE CALL...
    file=$1
    shift
    if grep -Eq '^    "(IsTruncated": true|NextToken": ")' "$file"; then
        echo 'the answer says that there is more' >"$scratch/err"
        missing "$@"
    fi
}

# save FILE CALL...: the answer of a call.  Nothing half is ever left behind.
save() {
    target=$out/$1
    shift
    if [ -n "$dry" ]; then
        printf 'aws %s%s%s\n' "$*" "${region:+ --region $region}" "${profile:+ --profile $profile}"
        return 0
    fi
    if run_aws "$@" --output json >"$scratch/answer" 2>"$scratch/err"; then
        if [ -s "$scratch/answer" ]; then
            if ! mkdir -p "${target%/*}" || ! mv "$scratch/answer" "$target"; then
                fail "cannot write $target"
            fi
            check_whole "$target" "$@"
        fi
        return 0
    fi
    if is_absence; then
        rm -f "$target" # of an earlier run
        return 1
    fi
    missing "$@"
    return 1
}

# list QUERY CALL...: names, one a line.
list() {
    query=$1
    shift
    if [ -n "$dry" ]; then
        printf 'aws %s --query %s%s%s\n' "$*" "'$query'" "${region:+ --region $region}" "${profile:+ --profile $profile}" >&3
        return 0
    fi
    if run_aws "$@" --query "$query" --output text >"$scratch/names" 2>"$scratch/err"; then
        tr '\t' '\n' <"$scratch/names" | grep -v -e '^$' -e '^None$'
        return 0
    fi
    is_absence || missing "$@"
    return 0
}

# each FUNCTION QUERY CALL...: calls it for every name.
each() {
    doer=$1
    shift
    list "$@" >"$scratch/each.$doer"
    [ -z "$dry" ] || "$doer" '<name>'
    while IFS= read -r name <&4; do
        "$doer" "$name"
    done 4<"$scratch/each.$doer"
    rm -f "$scratch/each.$doer"
}

plain() { # a name as that of a file
    printf '%s' "$1" | tr '/:' '__'
}

last() { # what stands behind the last slash, or colon
    printf '%s' "$1" | sed 's/.*[\/:]//'
}

begin() { # begin SERVICE
    service=$1
    printf '%s\t%s\n' "$service" begun >>"$scratch/status"
    say "  $service${region:+ in $region}"
}

# ------------------------------------------------------------------ the organization

units_below() {
    save "org/ous/$1.json" organizations list-organizational-units-for-parent --parent-id "$1"
    save "org/accounts/$1.json" organizations list-accounts-for-parent --parent-id "$1"
    list 'OrganizationalUnits[].Id' organizations list-organizational-units-for-parent --parent-id "$1" >>"$scratch/units"
}

org_policy() {
    save "org/policies/$1.json" organizations describe-policy --policy-id "$1"
    save "org/targets/$1.json" organizations list-targets-for-policy --policy-id "$1"
}

collect_org() {
    [ ! -e "$out/.collect/org.whole" ] || return 0
    region=
    begin org
    if ! save org/organization.json organizations describe-organization; then
        grep -q AWSOrganizationsNotInUseException "$scratch/err" && say '  the account is in no organization'
        printf '%s\t%s\n' org none >>"$scratch/status"
        return 0
    fi
    save org/roots.json organizations list-roots || return 0
    list 'Roots[].Id' organizations list-roots >"$scratch/units"
    [ -z "$dry" ] || units_below '<unit>'
    # Units are added to the file while it is read: the tree, level by level.
    while IFS= read -r unit <&5; do
        units_below "$unit"
    done 5<"$scratch/units"
    for type in SERVICE_CONTROL_POLICY RESOURCE_CONTROL_POLICY; do
        each org_policy 'Policies[].Id' organizations list-policies --filter "$type"
    done
    save org/delegated-administrators.json organizations list-delegated-administrators
    [ -n "$dry" ] || grep -q "^org	incomplete" "$scratch/status" || : >"$out/.collect/org.whole"
}

# ------------------------------------------------------------------ of an account

oidc_provider() {
    save "$base/oidc-providers/$(plain "${1#*:oidc-provider/}").json" iam get-open-id-connect-provider \
        --open-id-connect-provider-arn "$1"
}

credential_report() {
    [ -z "$dry" ] || {
        echo 'aws iam generate-credential-report'
        echo 'aws iam get-credential-report'
        return 0
    }
    tries=0
    while [ $tries -lt 20 ]; do
        run_aws iam generate-credential-report --query State --output text >"$scratch/state" 2>"$scratch/err" || {
            missing iam generate-credential-report
            return 0
        }
        grep -q COMPLETE "$scratch/state" && break
        tries=$((tries + 1))
        sleep "${COLLECT_WAIT:-2}"
    done
    if run_aws iam get-credential-report --query Content --output text >"$scratch/answer" 2>"$scratch/err" &&
        base64 -d <"$scratch/answer" >"$scratch/report" 2>"$scratch/err"; then
        mv "$scratch/report" "$out/$base/credential-report.csv"
    else
        missing iam get-credential-report
    fi
}

collect_iam() {
    region=
    begin iam
    save "$base/authorization-details.json" iam get-account-authorization-details
    save "$base/account-summary.json" iam get-account-summary
    save "$base/saml-providers.json" iam list-saml-providers
    each oidc_provider 'OpenIDConnectProviderList[].Arn' iam list-open-id-connect-providers
    credential_report
}

bucket() {
    save "$base/global/s3/$1/policy.json" s3api get-bucket-policy --bucket "$1"
    save "$base/global/s3/$1/public-access-block.json" s3api get-public-access-block --bucket "$1"
    save "$base/global/s3/$1/ownership.json" s3api get-bucket-ownership-controls --bucket "$1"
    save "$base/global/s3/$1/acl.json" s3api get-bucket-acl --bucket "$1"
}

collect_s3() {
    region=
    begin s3
    save "$base/global/s3/buckets.json" s3api list-buckets
    save "$base/global/s3/public-access-block.json" s3control get-public-access-block --account-id "$account"
    each bucket 'Buckets[].Name' s3api list-buckets
}

# ------------------------------------------------------------------ of a region

access_point() {
    save "$here/s3/access-points/$1.json" s3control get-access-point-policy --account-id "$account" --name "$1"
}
in_region_s3() {
    save "$here/s3/access-points.json" s3control list-access-points --account-id "$account"
    each access_point 'AccessPointList[].Name' s3control list-access-points --account-id "$account"
}

key() {
    save "$here/kms/$1/policy.json" kms get-key-policy --key-id "$1" --policy-name default
    save "$here/kms/$1/grants.json" kms list-grants --key-id "$1"
}
in_region_kms() { each key 'Keys[].KeyId' kms list-keys; }

lambda_function() {
    save "$here/lambda/$1/policy.json" lambda get-policy --function-name "$1"
    save "$here/lambda/$1/url-config.json" lambda get-function-url-config --function-name "$1"
}
in_region_lambda() {
    save "$here/lambda/functions.json" lambda list-functions
    each lambda_function 'Functions[].FunctionName' lambda list-functions
}

queue() { save "$here/sqs/$(last "$1")/attributes.json" sqs get-queue-attributes --queue-url "$1" --attribute-names All; }
in_region_sqs() { each queue 'QueueUrls[]' sqs list-queues; }

topic() { save "$here/sns/$(last "$1")/attributes.json" sns get-topic-attributes --topic-arn "$1"; }
in_region_sns() { each topic 'Topics[].TopicArn' sns list-topics; }

secret() { save "$here/secretsmanager/$(plain "${1#*:secret:}").json" secretsmanager get-resource-policy --secret-id "$1"; }
in_region_secretsmanager() { each secret 'SecretList[].ARN' secretsmanager list-secrets; }

repository() { save "$here/ecr/$(plain "$1").json" ecr get-repository-policy --repository-name "$1"; }
in_region_ecr() {
    save "$here/ecr/registry.json" ecr get-registry-policy
    each repository 'repositories[].repositoryName' ecr describe-repositories
}

file_system() { save "$here/efs/$1.json" efs describe-file-system-policy --file-system-id "$1"; }
in_region_efs() { each file_system 'FileSystems[].FileSystemId' efs describe-file-systems; }

table() {
    save "$here/dynamodb/$1/resource-policy.json" dynamodb get-resource-policy \
        --resource-arn "arn:$partition:dynamodb:$region:$account:table/$1"
}
in_region_dynamodb() { each table 'TableNames[]' dynamodb list-tables; }

stream() {
    save "$here/kinesis/$1/resource-policy.json" kinesis get-resource-policy \
        --resource-arn "arn:$partition:kinesis:$region:$account:stream/$1"
}
in_region_kinesis() { each stream 'StreamNames[]' kinesis list-streams; }

domain() { save "$here/opensearch/$1.json" opensearch describe-domain --domain-name "$1"; }
in_region_opensearch() { each domain 'DomainNames[].DomainName' opensearch list-domain-names; }

event_bus() { save "$here/events/$(plain "$1").json" events describe-event-bus --name "$1"; }
in_region_events() { each event_bus 'EventBuses[].Name' events list-event-buses; }

vault() { save "$here/backup/$(plain "$1").json" backup get-backup-vault-access-policy --backup-vault-name "$1"; }
in_region_backup() { each vault 'BackupVaultList[].BackupVaultName' backup list-backup-vaults; }

in_region_glue() {
    save "$here/glue/resource-policy.json" glue get-resource-policy
    save "$here/glue/jobs.json" glue get-jobs
}
in_region_logs() { save "$here/logs/resource-policies.json" logs describe-resource-policies; }

email_identity() { save "$here/ses/$(plain "$1").json" sesv2 get-email-identity-policies --email-identity "$1"; }
in_region_ses() { each email_identity 'EmailIdentities[].IdentityName' sesv2 list-email-identities; }

outpost_bucket() { # the name of the file is what stands behind "outpost/", its slashes encoded
    save "$here/s3-outposts/$(printf '%s' "${1#*:outpost/}" | sed 's,/,%2F,g').json" s3control get-bucket-policy \
        --account-id "$account" --bucket "$1"
}
outpost() {
    each outpost_bucket 'RegionalBucketList[].BucketArn' s3control list-regional-buckets --account-id "$account" --outpost-id "$1"
}
in_region_s3_outposts() {
    list 'Outposts[].OutpostId' outposts list-outposts >"$scratch/outposts"
    [ -z "$dry" ] || outpost '<name>'
    while IFS= read -r name <&7; do
        outpost "$name"
    done 7<"$scratch/outposts"
}

in_region_ec2() {
    save "$here/ec2/instances.json" ec2 describe-instances
    save "$here/ec2/vpc-endpoints.json" ec2 describe-vpc-endpoints
    save "$here/ec2/images.json" ec2 describe-images --owners self
}
in_region_ssm() { save "$here/ssm/instances.json" ssm describe-instance-information; }
in_region_cloudformation() { save "$here/cloudformation/stacks.json" cloudformation describe-stacks; }

project() { save "$here/codebuild/$(plain "$1").json" codebuild batch-get-projects --names "$1"; }
in_region_codebuild() { each project 'projects[]' codebuild list-projects; }

task_definition() { save "$here/ecs/$(plain "$1").json" ecs describe-task-definition --task-definition "$1"; }
in_region_ecs() { each task_definition 'families[]' ecs list-task-definition-families --status ACTIVE; }

cluster() { save "$here/eks/$(plain "$1").json" eks describe-cluster --name "$1"; }
in_region_eks() { each cluster 'clusters[]' eks list-clusters; }

state_machine() { save "$here/states/$(plain "$(last "$1")").json" stepfunctions describe-state-machine --state-machine-arn "$1"; }
in_region_states() { each state_machine 'stateMachines[].stateMachineArn' stepfunctions list-state-machines; }

app() { save "$here/apprunner/$(plain "${1#*:service/}").json" apprunner describe-service --service-arn "$1"; }
in_region_apprunner() { each app 'ServiceSummaryList[].ServiceArn' apprunner list-services; }

in_region_ram() { save "$here/ram/shares.json" ram get-resource-shares --resource-owner SELF; }

# IAM Identity Center, where the account owns it: others see that it is there, not what is in it.
assignments() {
    save "org/sso/$(last "$set")/assignments/$1.json" sso-admin list-account-assignments --instance-arn "$instance" \
        --account-id "$1" --permission-set-arn "$set"
}
permission_set() {
    set=$1
    save "org/sso/$(last "$set")/permission-set.json" sso-admin describe-permission-set --instance-arn "$instance" \
        --permission-set-arn "$set"
    save "org/sso/$(last "$set")/inline-policy.json" sso-admin get-inline-policy-for-permission-set \
        --instance-arn "$instance" --permission-set-arn "$set"
    save "org/sso/$(last "$set")/managed-policies.json" sso-admin list-managed-policies-in-permission-set \
        --instance-arn "$instance" --permission-set-arn "$set"
    each assignments 'AccountIds[]' sso-admin list-accounts-for-provisioned-permission-set --instance-arn "$instance" \
        --permission-set-arn "$set"
}
sets_of() {
    instance=$1
    list 'PermissionSets[]' sso-admin list-permission-sets --instance-arn "$instance" >"$scratch/sets"
    [ -z "$dry" ] || permission_set '<name>'
    while IFS= read -r name <&8; do
        permission_set "$name"
    done 8<"$scratch/sets"
}
in_region_sso() {
    list "Instances[?OwnerAccountId==\`\"$account\"\`].InstanceArn" sso-admin list-instances >"$scratch/instances"
    [ -z "$dry" ] || sets_of '<name>'
    while IFS= read -r name <&7; do
        sets_of "$name"
    done 7<"$scratch/instances"
}

db_snapshot() { save "$here/rds/snapshot-attributes/$(plain "$1").json" rds describe-db-snapshot-attributes --db-snapshot-identifier "$1"; }
in_region_rds_snapshots() { each db_snapshot 'DBSnapshots[].DBSnapshotIdentifier' rds describe-db-snapshots --snapshot-type manual; }

disk_snapshot() {
    save "$here/ec2/snapshot-attributes/$1.json" ec2 describe-snapshot-attribute --snapshot-id "$1" \
        --attribute createVolumePermission
}
in_region_ec2_snapshots() { each disk_snapshot 'Snapshots[].SnapshotId' ec2 describe-snapshots --owner-ids self; }

regional='s3 kms lambda sqs sns secretsmanager ecr efs dynamodb kinesis opensearch events backup glue logs ses s3-outposts ec2 ssm cloudformation codebuild ecs eks states apprunner ram sso rds-snapshots ec2-snapshots'

# ------------------------------------------------------------------ all of it

regions_of_profile() {
    if [ "$regions" = all ]; then
        region=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}
        list 'Regions[].RegionName' ec2 describe-regions
    elif [ -n "$regions" ]; then
        printf '%s\n' "$regions" | tr ' ' '\n'
    else
        default=${AWS_REGION:-${AWS_DEFAULT_REGION:-}}
        [ -n "$default" ] || default=$("$aws" configure get region ${profile:+--profile "$profile"} 2>/dev/null)
        [ -n "$default" ] || fail 'no region is set: give --regions'
        printf '%s\n' "$default"
    fi
}

who_am_i() {
    if [ -n "$dry" ]; then
        account=111122223333
        partition=aws
        echo "aws sts get-caller-identity${profile:+ --profile $profile}"
        return 0
    fi
    region=
    me_arn=$(run_aws sts get-caller-identity --query Arn --output text 2>"$scratch/err") || {
        cat "$scratch/err" >&2
        return 1
    }
    partition=$(printf '%s' "$me_arn" | cut -d: -f2)
    account=$(printf '%s' "$me_arn" | cut -d: -f5)
    case $account in
    *[!0-9]* | '') return 1 ;;
    esac
}

collect_account() {
    who_am_i || return 1
    base=accounts/$account
    : >"$scratch/status"
    : >"$scratch/missing"
    say "account $account${profile:+ (profile $profile)}"
    [ -n "$dry" ] || mkdir -p "$out/$base" "$out/.collect"
    if wants org; then collect_org; fi
    if wants iam; then collect_iam; fi
    if wants s3; then collect_s3; fi
    regions_of_profile >"$scratch/regions"
    while IFS= read -r r <&6; do
        case $r in *[!a-z0-9-]* | '') fail "\"$r\" is no region" ;; esac
        here=$base/$r
        for s in $regional; do
            wants "$s" || continue
            region=$r
            begin "$s"
            "in_region_$(printf '%s' "$s" | tr - _)"
        done
    done 6<"$scratch/regions"
    region=
    [ -n "$dry" ] || keep_status
}

# What became of each service, kept for the manifest: a later run may add accounts, or look again at some services.
keep_status() {
    kept=$out/.collect/$account
    cut -f1 "$scratch/status" | sort -u >"$scratch/looked-at"
    while IFS= read -r s; do
        if grep -q "^$s	incomplete" "$scratch/status"; then
            printf '%s\tincomplete\n' "$s"
        elif grep -q "^$s	none" "$scratch/status"; then
            printf '%s\tnone\n' "$s"
        else
            printf '%s\tcomplete\n' "$s"
        fi
    done <"$scratch/looked-at" >"$scratch/new-status"
    : >>"$kept.status"
    : >>"$kept.missing"
    sed 's/.*/"service": "&"/' "$scratch/looked-at" >"$scratch/patterns"
    grep -v -F -f "$scratch/patterns" "$kept.missing" >>"$scratch/missing"
    sed 's/$/	/' "$scratch/looked-at" >"$scratch/patterns"
    grep -v -F -f "$scratch/patterns" "$kept.status" >>"$scratch/new-status"
    cp "$scratch/missing" "$kept.missing"
    cp "$scratch/new-status" "$kept.status"
    cat "$scratch/regions" >>"$kept.regions"
}

# A service is complete when it is in every account.  The organization is, once somebody could read it.
complete_services() {
    # The names are numbers of ours.
    set +f
    set -- "$out"/.collect/*.status
    set -f
    for s in $all_services; do
        if [ "$s" = org ]; then
            [ -e "$out/.collect/org.whole" ] && printf 'org\n'
            continue
        fi
        for f in "$@"; do
            grep -q "^$s	complete" "$f" || continue 2
        done
        printf '%s\n' "$s"
    done
}

as_list() { # lines to the inside of a JSON array
    sed 's/.*/"&"/' | paste -s -d , - | sed 's/,/, /g'
}

write_manifest() {
    set +f
    cat "$out"/.collect/*.regions | sort -u >"$scratch/regions"
    cat "$out"/.collect/*.missing >"$scratch/all-missing"
    set -f
    {
        printf '{\n  "format": 1,\n  "collectedAt": "%s",\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
        printf '  "partition": "%s",\n' "$partition"
        printf '  "regions": [%s],\n' "$(as_list <"$scratch/regions")"
        printf '  "complete": [%s],\n' "$(complete_services | as_list)"
        if [ -s "$scratch/all-missing" ]; then
            printf '  "missing": [\n%s\n  ]\n}\n' "$(sed '$!s/$/,/' "$scratch/all-missing")"
        else
            printf '  "missing": []\n}\n'
        fi
    } >"$scratch/manifest"
    mv "$scratch/manifest" "$out/manifest.json" || fail "cannot write $out/manifest.json"
}

if [ -z "$dry" ]; then
    command -v "$aws" >/dev/null 2>&1 || fail "there is no command \"$aws\": the AWS command line is needed"
    mkdir -p "$out" || exit 2
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/collect.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
exec 3>&1
done_one=
for profile in ${profiles:-''}; do
    [ "$profile" != "''" ] || profile=
    if collect_account; then
        done_one=1
    else
        printf '%s: the account of %s cannot be asked\n' "$me" "${profile:-the default profile}" >&2
        failed=1
    fi
done
[ -n "$done_one" ] || exit 2
[ -z "$dry" ] || exit 0
write_manifest
if [ -s "$scratch/all-missing" ] || [ -n "${failed:-}" ]; then
    say "$out: $(wc -l <"$scratch/all-missing" | tr -d ' ') calls are missing; manifest.json names them"
    exit 1
fi
say "$out: complete"
