# Values that no date, number or address is: a Deny with one cannot be evaluated, an Allow with one matches nothing.
ask() {
    printf '{"Version": "2012-10-17", "Statement": [{"Effect": "%s", "Action": "*", "Resource": "*",\n "Condition": {"%s": {"%s": %s}}}]}' \
        "$1" "$2" "$3" "$4" >"$T/policy.json"
    echo "== $1 $2 $4" >&2
    verdict eval --identity "$T/policy.json" --principal arn:aws:iam::111122223333:user/a --action s3:GetObject \
        --resource '*' --context aws:SourceIp=203.0.113.7 --context n=1 --now 2026-01-01T00:00:00Z
    echo "exit $?" >&2
}
ask Deny IpAddress aws:SourceIp '"203.0.113.0/33"'
ask Allow IpAddress aws:SourceIp '"203.0.113.0/33"'
ask Deny DateLessThan aws:CurrentTime '"2026-02-30T00:00:00Z"'
ask Deny NumericLessThan n '"1e999999999999"'
ask Deny NumericLessThan n 99999999999999999999999999999999999999999999999999
exit 0
