# The roles of one permission set in three accounts are one.
. tests/usage/records
{
    for a in 1 2 3; do
        who=$(role "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcde$a" AROAEXAMPLE000000010$a $a$a$a$a$a$a$a$a$a$a$a$a)
        event sqs ListQueues 0$a "$none"
    done
    event sns ListTopics 04 "$none"
} >"$T/log"
actions <"$T/log"
actions -f json <"$T/log" >"$T/a.json"
schema-check docs/schema/usage-actions.json "$T/a.json"
actions -f csv <"$T/log"
actions --principal Admin <"$T/log" | head -1
