# What AWS recommends is held against what comes of right-sizing, both ways (usage 1.7).
. tests/usage/records
. tests/usage/rightsizing
event sqs GetQueueAttributes 02 "$(queue q)" >"$T/log"
event sqs GetQueueUrl 02 '"requestParameters":{"queueName":"q"}' >>"$T/log"
policy '{"Effect":"Allow","Action":["sqs:GetQueueAttributes","sqs:GetQueueUrl","sqs:PurgeQueue","sqs:DeleteQueue"],"Resource":"*"}'
step() { # ACTION EXISTING [POLICY]
    policy=${3:+",\"recommendedPolicy\":\"$(printf '{"Version":"2012-10-17","Statement":[%s]}' "$3" | sed 's/"/\\"/g')\""}
    printf '{"unusedPermissionsRecommendedStep":{"policyUpdatedAt":"2026-01-01T00:00:00Z","recommendedAction":"%s","existingPolicyId":"%s"%s}}' "$1" "$2" "$policy"
}
asked() { # STEPS [STATUS]
    printf '{"startedAt":"2026-03-10T00:00:00Z","completedAt":"2026-03-10T00:01:00Z","resourceArn":"arn:aws:iam::111111111111:role/build/ci","recommendationType":"UnusedPermissionRecommendation","status":"%s","recommendedSteps":[%s]}\n' \
        "${2-SUCCEEDED}" "$1" >"$T/rec.json"
    verdict usage collect -q --now 2026-04-01 "$T/log" "$T/rec.json" -o "$T/u"
    format=text size --mode strict --accept-assumed --drop-unseen all --accept-unmapped | grep -A2 'what AWS' || echo nothing is said
}
on() { echo "{\"Effect\":\"Allow\",\"Action\":[$1],\"Resource\":\"$2\"}"; }
q=arn:aws:sqs:eu-west-1:111111111111:q
echo "--- by action only"
asked "$(step CREATE_POLICY "$T/p.json" "$(on '"sqs:GetQueueAttributes","sqs:GetQueueUrl"' '*')")"
format=json size --mode strict --accept-assumed --drop-unseen all --accept-unmapped >"$T/x.json"
sed -n '/"aws"/,/}/p' "$T/x.json"
sed '$d' "$T/x.json" >"$T/y.json"
schema-check docs/schema/rightsize.json "$T/y.json"
format=markdown size --mode strict --accept-assumed --drop-unseen all --accept-unmapped | grep -A2 'What AWS'
echo "--- the same"
asked "$(step CREATE_POLICY "$T/p.json" "$(on '"sqs:GetQueueAttributes","sqs:GetQueueUrl"' $q)")"
echo "--- without what was used"
asked "$(step CREATE_POLICY "$T/p.json" "$(on '"sqs:GetQueueUrl"' $q)")"
echo "--- both"
asked "$(step CREATE_POLICY "$T/p.json" "$(on '"sqs:GetQueueUrl","sqs:PurgeQueue"' $q)")"
echo "--- it is to be detached"
asked "$(step DETACH_POLICY "$T/p.json")"
echo "--- made anew, and the old one detached"
asked "$(step CREATE_POLICY "$T/p.json" "$(on '"sqs:GetQueueAttributes","sqs:GetQueueUrl"' $q)"),$(step DETACH_POLICY "$T/p.json")"
echo "--- of another policy; not done yet; of somebody else"
asked "$(step DETACH_POLICY arn:aws:iam::111111111111:policy/other)"
asked "$(step DETACH_POLICY "$T/p.json")" IN_PROGRESS
asked "$(step DETACH_POLICY "$T/p.json")" >"$T/x"
sed -i 's,role/build/ci",role/build/cd",' "$T/rec.json"
verdict usage collect -q --now 2026-04-01 "$T/log" "$T/rec.json" -o "$T/u"
format=text size --mode strict --accept-assumed --drop-unseen all --accept-unmapped | grep -A2 'what AWS' || echo nothing is said
echo "--- nobody can read it"
asked "$(step CREATE_POLICY "$T/p.json" nonsense)"
asked "$(step DO_SOMETHING "$T/p.json")"
