# What becomes possible, for people; directions, thresholds, kinds, files that are split and renamed.
now="--now 2026-01-01T00:00:00Z"
allow() { # ACTIONS RESOURCES [MORE]
    printf '{"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow", "Action": %s, "Resource": %s%s}]}\n' "$1" "$2" "${3-}"
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
allow '"s3:Get*"' '"*"' >"$T/get.json"
allow '"s3:*"' '"*"' >"$T/all.json"
allow '["s3:GetObject", "iam:PassRole"]' '"*"' >"$T/pass.json"
allow '"s3:GetObject"' '"arn:aws:s3:::b/a*"' >"$T/a.json"
allow '"s3:GetObject"' '"arn:aws:s3:::b/a?*"' >"$T/a1.json"
ask verdict diff "$T/get.json" "$T/all.json"
ask verdict diff "$T/all.json" "$T/get.json"
ask verdict diff "$T/all.json" "$T/get.json" --both -q
ask verdict diff "$T/get.json" "$T/pass.json"
ask verdict diff "$T/get.json" "$T/pass.json" --fail-on none -q
ask verdict diff "$T/a.json" "$T/a1.json" --both
ask verdict diff "$T/a.json" "$T/a1.json" --reverse
ask verdict equivalent "$T/a.json" "$T/a1.json"
ask verdict equivalent "$T/a1.json" "$T/a.json" -q
ask verdict equivalent "$T/get.json" "$T/pass.json" -q
ask verdict equivalent "$T/get.json" "$T/get.json"
ask verdict diff "$T/get.json" "$T/all.json" --principal arn:aws:iam::111122223333:user/alice -q
ask verdict diff "$T/get.json" "$T/all.json" --boundary "$T/get.json" --principal arn:aws:iam::111122223333:user/alice
ask verdict diff "$T/get.json" "$T/pass.json" --format github
ask verdict diff "$T/get.json" "$T/pass.json" --format markdown
ask verdict diff "$T/get.json" "$T/pass.json" --color always
# what only a wrong catalogue would allow comes last, and fails nothing by itself
allow '["s3:GetObject", "s3:ListAllMyBuckets", "s3:PutObject"]' '"arn:aws:s3:::b/*"' >"$T/odd.json"
allow '"s3:GetObject"' '"arn:aws:s3:::b/*"' >"$T/plain.json"
allow '["s3:GetObject", "s3:ListAllMyBuckets"]' '"arn:aws:s3:::b/*"' >"$T/never.json"
ask verdict diff "$T/plain.json" "$T/odd.json"
ask verdict diff "$T/plain.json" "$T/never.json"
ask verdict diff "$T/plain.json" "$T/never.json" --fail-on note -v
ask verdict equivalent "$T/plain.json" "$T/never.json"
# folders: namesakes, a policy that is split, one that came, one that does not parse
mkdir -p "$T/old/trust" "$T/new/trust"
cp "$T/get.json" "$T/old/app.json"
cp "$T/get.json" "$T/new/app.json"
allow '["s3:PutObject", "s3:DeleteObject"]' '"*"' >"$T/old/writer.json"
allow '"s3:PutObject"' '"*"' >"$T/new/put.json"
allow '"s3:DeleteObject"' '"*"' >"$T/new/delete.json"
ask verdict diff "$T/old" "$T/new"
cp "$T/pass.json" "$T/new/app.json"
ask verdict diff "$T/old" "$T/new"
ask verdict diff --union "$T/old" "$T/new" -q
printf '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}]}\n' \
    111122223333 >"$T/old/trust/app.json"
sed s/111122223333/444455556666/ "$T/old/trust/app.json" >"$T/new/trust/app.json"
cp "$T/get.json" "$T/new/app.json"
ask verdict diff "$T/old" "$T/new"
echo '{"Version": "2012-10-17", "Statement": [' >"$T/new/app.json"
ask verdict diff "$T/old" "$T/new"
ask verdict diff "$T/old" "$T/new" -f json=/dev/null -q
# what makes no sense
ask verdict diff "$T/get.json"
ask verdict diff "$T/get.json" "$T/new/trust/app.json"
ask verdict diff "$T/get.json" "$T/none.json"
ask verdict diff "$T/new/app.json" "$T/get.json"
ask verdict diff "$T/get.json" "$T/all.json" --reverse --both
ask verdict diff "$T/get.json" "$T/all.json" --budget 1
ask verdict diff - - </dev/null
# witnesses
verdict diff $now --save-witness "$T/saved" -q "$T/get.json" "$T/pass.json"
ask verdict test "$T/saved"
