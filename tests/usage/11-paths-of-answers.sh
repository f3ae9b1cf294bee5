# The path of a role that no snapshot tells: the answer to the call that made it does, unless there were two of that name.
record() { # ID NAME PARAMETERS ANSWER
    printf '{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/ann","accountId":"111111111111","principalId":"AIDAEXAMPLE0000000001"},"eventTime":"2026-03-02T09:0%s:00Z","eventSource":"iam.amazonaws.com","eventName":"%s","awsRegion":"us-east-1","requestParameters":%s,"responseElements":%s,"eventID":"e-%s","eventType":"AwsApiCall","recipientAccountId":"111111111111"}\n' "$1" "$2" "$3" "$4" "$1"
}
made() { # PATH
    printf '{"role":{"path":"%s","roleName":"deploy","arn":"arn:aws:iam::111111111111:role%sdeploy"}}' "$1" "$1"
}
record 1 DeleteRole '{"roleName":"Deploy"}' null >"$T/delete"
record 2 CreateRole '{"roleName":"deploy","path":"/build/"}' "$(made /build/)" >"$T/create"
record 3 CreateRole '{"roleName":"deploy","path":"/other/"}' "$(made /other/)" >"$T/second"
for files in "$T/delete" "$T/delete $T/create" "$T/delete $T/create $T/second"; do
    verdict usage collect --now 2026-04-01 -q $files | verdict usage show --actions --from 2026-03-01 --to 2026-04-01 -f json - | grep -A 6 '"iam:DeleteRole"\|"resources"' | grep -o 'arn:aws:iam::[0-9]*:role.*\|iam:DeleteRole'
    echo
done
