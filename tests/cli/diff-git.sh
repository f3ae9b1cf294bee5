# Revisions, in a repository of its own.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
HOME=$T GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES=$T
export HOME GIT_CONFIG_NOSYSTEM GIT_CEILING_DIRECTORIES
command -v git >/dev/null || exit 0
mkdir "$T/repo" && cd "$T/repo" || exit 1
now="--now 2026-01-01T00:00:00Z"
allow() {
    printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "%s", "Resource": "*"}]}\n' "$1"
}
# Which request is found may change with the solver: that there is one is what counts.
filter() {
    sed -e 's/^      e[.]g[.] .*/      e.g. a request/' -e '/^           /d' -e 's/; e[.]g[.] .*/; e.g. a request/' -e 's/^- for example .*/- for example a request/' \
        -e 's/e[.]g[.] .[[0-9;]*m.*/e.g. a request/' -e '/^      .[[0-9;]*m     .[[0-9;]*m/d'
}
ask() {
    echo "--- $*"
    "$@" $now >"$T/out"
    code=$?
    filter <"$T/out"
    echo "exit $code"
}
git init -q -b main . && git config user.name a && git config user.email a@example.com
mkdir -p policies/.hidden policies/deep
allow s3:GetObject >policies/app.json
allow sqs:SendMessage >"policies/deep/a name.json"
allow '*' >policies/.hidden/x.json
echo text >policies/notes.txt
ln -s app.json policies/link.json
# git runs nothing that the repository asks for
printf '*.json diff=evil filter=evil\n' >.gitattributes
git config diff.evil.textconv "touch $T/ran"
git config diff.external "touch $T/ran"
git config core.pager "touch $T/ran"
git add -A && git commit -qm one
git config core.fsmonitor "touch $T/ran"
git config filter.evil.smudge "touch $T/ran"
rm -f "$T/ran"
ask verdict diff main:policies policies
allow 's3:*Object' >policies/app.json
ask verdict diff main:policies policies
ask verdict diff policies main:policies --reverse -q
ask verdict diff main:policies/app.json policies/app.json -q
ask verdict diff main:./policies/app.json main:policies/app.json
ask verdict diff main: . -q
ask verdict diff main:. .
(cd policies && ask verdict diff main:. . -q && ask verdict diff main:app.json app.json -q)
[ -e "$T/ran" ] && echo "something ran"
ask verdict diff nosuch:policies policies
ask verdict diff main:nosuch policies
ask verdict diff :policies policies
ask verdict diff -- --upload-pack=x:y policies
ask verdict diff main policies
cp policies/app.json 'main:policies'
ask verdict equivalent main:policies policies/app.json
echo '{"Version"' >policies/app.json
git config --unset core.fsmonitor
git commit -qam broken
ask verdict diff main~1:policies main:policies
ask verdict exposure main:policies
GIT_DIR=$T/none ask verdict diff HEAD:policies policies
(PATH=$T/bin; verdict diff main~1:policies policies)
echo "exit $?"
