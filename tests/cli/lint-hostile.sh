# What a stranger writes into a policy does nothing to a terminal, a comment, a log or a viewer, in any format.
printf '{"Version": "2012-10-17", "Statement": [{"Sid": "%s", "Effect": "Allow", "Principal": {"%s": "*"}, "Action": "sqs:*", "Resource": "*"}]}' \
    '\u001b[2J\u202e<img src=x onerror=alert(1)>\n::error::%0A::warning::x' \
    '\u009b31m\u2066`](javascript:x)|--><!--\u0007@octocat %0A::error::' >"$T/$(printf 'a,b:c%%\033[31m').resource.json"
for format in text json jsonl sarif github junit markdown access-analyzer; do
    verdict lint "$T" --select invalid-principal-key,public-principal --format $format >"$T/out"
    [ -s "$T/out" ] || echo "$format: nothing"
    LC_ALL=C grep -n "$(printf '[\001-\010\013-\037\177]')" "$T/out" && echo "$format: a control character"
    LC_ALL=C grep -n "$(printf '\302[\200-\237]\|\342\200[\250-\256]\|\342\201[\246-\251]')" "$T/out" && echo "$format: C1 or bidi"
    case $format in
    github) LC_ALL=C grep -v '^::error file=[^:]*,title=verdict%3A [a-z-]*::[^%]' "$T/out" && echo "another command" ;;
    junit) grep '<img\|octocat"' "$T/out" && echo "markup in XML" ;;
    markdown) sed '/^```/,/^```/d' "$T/out" | grep '<img\|^::\|[^\\]<!-- *[^v]\|[^\\`]@octocat' && echo "markup in Markdown" ;;
    sarif) schema-check docs/schema/sarif.json "$T/out" || echo "no SARIF" ;;
    json) schema-check docs/schema/lint.json "$T/out" || echo "not as the schema says" ;;
    esac
done
verdict lint "$T" --select invalid-principal-key,public-principal --format github
verdict lint "$T" --select invalid-principal-key,public-principal
