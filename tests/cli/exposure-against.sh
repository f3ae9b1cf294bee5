# What became of findings: the same who with the same actions is "unchanged" only when nothing else changed either.
statement() { # principal, resource, condition
    printf '{"Effect": "Allow", "Principal": %s, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::team/%s"%s}' "$1" "$2" "${3:+, \"Condition\": $3}"
}
deny() {
    printf '{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::team/%s"}' "$1"
}
policy() { # file, statement ...
    file=$1 list=$2
    shift 2
    for s; do list="$list, $s"; done
    printf '{"Version": "2012-10-17", "Statement": [%s]}\n' "$list" >"$T/$file.json"
}
against() { # what, old, new
    verdict exposure --resource-account 111122223333 "$T/$3.json" --against "$T/$2.json" >"$T/out"
    echo "$1: exit $?"
    sed -n 's/^.*]: \(\(new\|changed\|unchanged\|resolved\): .*\)$/  \1/p' "$T/out"
}
partner='{"AWS": "444455556666"}' other='{"AWS": "777788889999"}'
referer='{"StringEquals": {"aws:Referer": "https://example.com/"}}' agent='{"StringEquals": {"aws:UserAgent": "reader"}}'
policy a "$(statement '"*"' 'a/*')"
policy all "$(statement '"*"' '*')"
policy a-c "$(statement '"*"' 'a/*')" "$(statement '"*"' 'c/*')"
policy a-within "$(statement '"*"' 'a/*')" "$(statement '"*"' 'a/x/*')"
policy a-partner "$(statement '"*"' 'a/*')" "$(statement "$partner" 'c/*')"
policy a-own "$(statement '"*"' 'a/*')" "$(statement '{"AWS": "arn:aws:iam::111122223333:role/own"}' 'c/*')"
policy but-secret "$(statement '"*"' 'a/*')" "$(deny 'a/secret/*')"
policy but-little "$(deny 'a/secret/x/*')" "$(statement '"*"' 'a/*')"
policy but-turned "$(deny 'a/secret/*')" "$(statement '"*"' 'a/*' | sed 's/{/{"Sid": "Named",   /')"
policy referer "$(statement "$partner" 'a/*' "$referer")"
policy partner "$(statement "$partner" 'a/*')"
policy either "$(statement "$partner" 'a/*' "$referer")" "$(statement "$partner" 'a/*' "$agent")"
policy other "$(statement "$other" 'a/*')"
sed 's/"s3:GetObject"/["s3:GetObject", "s3:PutObject"]/' "$T/partner.json" >"$T/writes.json"
against 'nothing' a a
against 'more of the resource' a all
against 'another part of the resource' a a-c
against 'one more statement for everybody' a a-within
against 'another part, for some of them' a a-partner
against 'another part, for nobody outside' a a-own
against 'a deny is gone' but-secret a
against 'a deny says less' but-secret but-little
against 'the order, a name, white space' but-secret but-turned
against 'a condition is gone' referer partner
against 'another way in' referer either
against 'another action' partner writes
against 'another principal' partner other
# a baseline, too: the id says who can do what, and what it takes must be the same
known() { # what, old, new
    cp "$T/$2.json" "$T/policy.json"
    verdict exposure --resource-account 111122223333 "$T/policy.json" --write-baseline "$T/baseline.json" -q >"$T/out"
    cp "$T/$3.json" "$T/policy.json"
    verdict exposure --resource-account 111122223333 "$T/policy.json" --baseline "$T/baseline.json" ${4:+"$4"} >"$T/out"
    echo "$1: exit $?"
    sed -n 's/^.*]: \(changed: .*\)$/  \1/p; s/^\([0-9]* finding.*\)$/  \1/p; s/^ *"\(baselineState\|state\|changeType\)": /  \1 /p' "$T/out"
}
known 'nothing' a a
known 'more of the resource' a all
known 'a deny is gone' but-secret a
known 'the order, a name, white space' but-secret but-turned
known 'a condition is gone' referer partner
known 'another principal' partner other
known 'in JSON' referer partner --format=json
known 'in SARIF' referer partner --format=sarif
# written by hand, or before there were grounds: by the id alone
grep -v grounds "$T/baseline.json" | sed 's/"principal": \(.*\),$/"principal": \1/' >"$T/plain.json"
verdict exposure --resource-account 111122223333 "$T/policy.json" --baseline "$T/plain.json"
# what JSON says is a baseline as well
verdict exposure --resource-account 111122223333 "$T/policy.json" --format json >"$T/told.json"
verdict exposure --resource-account 111122223333 "$T/policy.json" --baseline "$T/told.json"
verdict exposure --resource-account 111122223333 "$T/policy.json" --baseline "$T/told.json" --against "$T/referer.json"
# a rule that holds as long as something is asked for, or as long as nothing changes
echo '[{"filter": {"principal.AWS": {"eq": ["444455556666"]}, "requires.AWS:referer": {"exists": true}}}]' >"$T/rule.json"
for p in referer partner; do
    verdict exposure --resource-account 111122223333 "$T/$p.json" --archive "$T/rule.json" -q
done
sed -n 's/.*"grounds": "\(.*\)",/[{"filter": {"grounds": {"eq": "\1"}}}]/p' "$T/told.json" >"$T/rule.json"
for p in referer partner; do
    verdict exposure --resource-account 111122223333 "$T/$p.json" --archive "$T/rule.json" -q
done
