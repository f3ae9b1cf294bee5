# Every kind of document that cannot be used: a message with file, line and column, exit 2, nothing on standard output.
ask() {
    echo "== $1" >&2
    verdict eval --identity "$2" --principal arn:aws:iam::111122223333:user/a --action s3:GetObject --resource '*'
    echo "exit $?" >&2
}
statement='"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]'
cd "$T" || exit 1
ask "missing file" nowhere.json
mkdir folder
ask "directory" folder
: >empty.json
ask "empty" empty.json
printf '{"Version": "2012-10-17", "Statement": [' >truncated.json
ask "truncated" truncated.json
printf '{"Version": "2012-10-17", %s} x' "$statement" >trailing.json
ask "trailing" trailing.json
printf '{"Version": "2012-10-17", "Version": "2012-10-17", %s}' "$statement" >duplicate.json
ask "equal members" duplicate.json
printf '{"Version": "2012-10-17", "Statement": [{"Effect": true, "Action": "s3:*", "Resource": "*"}]}' >type.json
ask "wrong type" type.json
printf '{"Version": "2012-10-17", "Statement": "none"}' >statement.json
ask "statement is a string" statement.json
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Actoin": "s3:*", "Resource": "*"}]}' >unknown.json
ask "unknown element" unknown.json
printf '{"Version": "2012-10-17",\0 %s}' "$statement" >nul.json
ask "NUL" nul.json
printf '{"Version": "2012-10-17", "Id": "\377\376", %s}' "$statement" >utf8.json
ask "invalid UTF-8" utf8.json
printf '\357\273\277{"Version": "2012-10-17", %s}' "$statement" >bom.json
ask "byte-order mark" bom.json
printf '{"Version": "2012-10-17", "Id": "\033[31mred\033[0m", "Statment": [], %s}' "$statement" >control.json
ask "control characters" control.json
printf '[]' >array.json
ask "not an object" array.json
printf '{"Version": "2012-10-18", %s}' "$statement" >version.json
ask "unknown version" version.json
exit 0
