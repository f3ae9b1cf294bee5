# Two roles that had one name after the other: the snapshot says which of them is alive, else the newer one is.
. tests/usage/records
{
    event sqs ListQueues 02 "$none"
    who=$(role build/ci AROAEXAMPLE0000000009)
    event sns ListTopics 09 "$none"
} >"$T/log"
cat >"$T/account.json" <<'E'
{"UserDetailList":[],"GroupDetailList":[],"Policies":[],"RoleDetailList":[{"Path":"/build/","RoleName":"ci",
 "RoleId":"AROAEXAMPLE0000000001","Arn":"arn:aws:iam::111111111111:role/build/ci","CreateDate":"2026-01-01T00:00:00Z",
 "AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[]},"RolePolicyList":[],"AttachedManagedPolicies":[],
 "InstanceProfileList":[],"Tags":[]}]}
E
actions <"$T/log"
actions --snapshot "$T/account.json" <"$T/log"
# The same file in two summaries counts twice, which is said.
verdict usage collect -q --now 2026-04-01 "$T/log" -o "$T/a.vdu"
verdict usage show --actions --dependents ignore "$T/a.vdu" "$T/a.vdu" | head -3
