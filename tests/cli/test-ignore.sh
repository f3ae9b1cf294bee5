# Patterns of .gitignore, one at a time, against a few paths: what is left.
cd "$T" || exit 3
mkdir -p r/.git r/a/b r/c
scenario='{"request": {"principal": "anonymous", "action": "s3:GetObject", "resource": "*"}, "expect": "deny"}'
for f in one.json a/one.json a/two.json a/b/one.json a/b/three.json c/x1.json c/x2.json 'c/[x].json'; do
    echo "$scenario" >"r/$f"
done
try() {
    printf '%s\n' "$@" >r/.gitignore
    printf '%-24s' "$(echo "$@")"
    (cd r && verdict test -f json . 2>/dev/null) | sed -n 's/.*"file": "\([^"]*\)".*/\1/p' | tr '\n' ' '
    echo
}
try ''
try '# a/'
try one.json
try /one.json
try a/one.json
try 'a/*.json'
try '**/b'
try 'a/**'
try 'a/**/one.json'
try '**/one.json'
try 'b/'
try 'one.json/'
try 'c/x?.json'
try 'c/x[1].json'
try 'c/x[!1].json'
try 'c/x[2-9].json'
try 'c/\[x].json'
try '*.json' '!two.json'
try 'a' '!a/two.json'
try '*' '!*/' '!three.json'
try 'two.json   '
echo "$scenario" | verdict test -
