# Documents beyond the limits are refused with the name of the limit, quickly and in bounded memory.
limit() {
    # A build with a sanitizer needs more address space than any limit would give it.
    if sh -c 'ulimit -v 1000000 && verdict version' >/dev/null 2>&1; then
        ulimit -v 1000000
    fi
}
ask() {
    echo "== $1" >&2
    (
        limit
        verdict eval --identity "$2" --principal arn:aws:iam::111122223333:user/a --action s3:GetObject \
            --resource "${3-*}"
        echo "exit $?" >&2
    )
}
cd "$T" || exit 1
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "["; for (i = 0; i < 10000; i++) printf "]" }' >deep.json
ask "10 000 levels" deep.json
awk 'BEGIN { printf "{\"Id\": \""; for (i = 0; i < 1600000; i++) printf "%s", "0123456789012345678901234567890123456789012345678901234567890123"; print "\"}" }' >large.json
ask "100 MB" large.json
rm large.json
awk 'BEGIN {
    printf "{\"Version\": \"2012-10-17\", \"Statement\": ["
    for (i = 0; i < 1000000; i++)
        printf "%s{\"Effect\":\"Allow\",\"Action\":\"a:b\",\"Resource\":\"*\"}", i ? "," : ""
    print "]}"
}' >many.json
ask "1 000 000 statements" many.json
rm many.json
awk 'BEGIN { printf "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"arn:aws:s3:::"; for (i = 0; i < 16384; i++) printf "%s", "0123456789012345678901234567890123456789012345678901234567890123"; print "\"}]}" }' >arn.json
ask "ARN of 1 MB in a policy" arn.json
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}' >good.json
ask "ARN of 100 kB in a request" good.json "arn:aws:s3:::$(awk 'BEGIN { for (i = 0; i < 100000; i++) printf "a" }')"
awk 'BEGIN { printf "{\"action\": \""; for (i = 0; i < 40000; i++) printf "%s", "0123456789012345678901234567890123456789012345678901234567890123"; print "\"}"
    print "{\"action\": \"s3:GetObject\", \"resource\": \"*\", \"principal\": \"arn:aws:iam::111122223333:user/a\"}" }' |
    verdict eval --identity good.json --requests -
echo "exit $?" >&2
# A megabyte that is one line, with something to say of every token of it, takes seconds.
policy() {
    awk -v "head=$1" -v "entry=$2" -v "tail=$3" -v "count=$4" 'BEGIN {
        printf "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Resource\": \"*\", %s", head
        for (i = 0; i < count; i++)
            printf (i ? ", " entry : entry), i
        print tail "}]}"
    }'
}
policy '"Action": [' '"s3:GetObject"%.0s' ']' 60000 >same.json
timeout 60 verdict lint --no-config --fail-on none -f jsonl same.json | tail -n 1 | cut -c1-40
policy '"Action": [' '"new%d:Thing"' ']' 60000 >unknown.json
timeout 60 verdict expand unknown.json 2>told | cmp - unknown.json
tail -n 1 told
policy '"Action": "s3:GetObject", "Condition": {"StringEquals": {' '"aws:PrincipalTag/k%d": "v"' '}}' 25000 >keys.json
timeout 60 verdict explain -q --identity keys.json --principal arn:aws:iam::111122223333:user/a --action s3:GetObject \
    --resource arn:aws:s3:::b/a -f json | grep -c '"aws:PrincipalTag/k[0-9]*",*$'
