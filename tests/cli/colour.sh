# Colour: never in a pipe unless asked for; NO_COLOR and CLICOLOR_FORCE count, --color beats both.
ask() {
    if "$@" verdict test nowhere.json 2>&1 | grep -q "$(printf '\033')"; then echo "colour: $*"; else echo "plain: $*"; fi
}
ask env
ask env CLICOLOR_FORCE=1
ask env CLICOLOR_FORCE=0
ask env CLICOLOR_FORCE=1 NO_COLOR=1
always() {
    if "$@" verdict test --color always nowhere.json 2>&1 | grep -q "$(printf '\033')"; then echo "colour: $*"; else echo "plain: $*"; fi
}
always env NO_COLOR=1
CLICOLOR_FORCE=1 verdict test --color never nowhere.json
