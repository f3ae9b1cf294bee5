# A session without its issuer: the path of the role comes from the snapshot; without one nobody knows it.
. tests/usage/records
who='{"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:s","accountId":"111111111111","arn":"arn:aws:sts::111111111111:assumed-role/ci/s"}'
event sqs ListQueues 02 "$none" >"$T/log"
cat >"$T/account.json" <<'E'
{"UserDetailList":[],"GroupDetailList":[],"Policies":[],"RoleDetailList":[{"Path":"/build/","RoleName":"ci",
 "RoleId":"AROAEXAMPLE0000000001","Arn":"arn:aws:iam::111111111111:role/build/ci","CreateDate":"2026-01-01T00:00:00Z",
 "AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[]},"RolePolicyList":[],"AttachedManagedPolicies":[],
 "InstanceProfileList":[],"Tags":[]}]}
E
actions <"$T/log"
actions --snapshot "$T/account.json" <"$T/log"
# Events of IAM name roles without their paths, too.
who='{"type":"IAMUser","principalId":"AIDAEXAMPLE0000000001","accountId":"111111111111","arn":"arn:aws:iam::111111111111:user/erin"}'
event iam GetRole 03 '"requestParameters":{"roleName":"ci"},"resources":[{"ARN":"arn:aws:iam::111111111111:role/ci"}]' >"$T/log"
actions <"$T/log"
actions --snapshot "$T/account.json" <"$T/log"
