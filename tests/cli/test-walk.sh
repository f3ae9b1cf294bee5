# Directories are walked in sorted order; hidden names are skipped and .gitignore is honoured.
cd "$T" || exit 3
mkdir -p work/.git work/b/deep work/a work/.hidden work/out work/a/tmp work/b/keep
for d in work/b/deep work/b work/a work/.hidden work/out work/a/tmp work/b/keep work; do
    echo '{"name": "'$d'", "request": {"principal": "anonymous", "action": "s3:GetObject", "resource": "*"}, "expect": "deny"}' >$d/t.json
done
cp work/t.json work/b/skip.json
cp work/t.json work/b/not-skipped.json
cp work/t.json work/notes.txt
printf '# comment\n/out/\ntmp/\nskip.*\n!not-skipped.json\nb/**/keep\n' >work/.gitignore
verdict test -v --now 2026-01-01T00:00:00Z work
cd work/b && verdict test -v --now 2026-01-01T00:00:00Z .
verdict test -q ../out ../out/t.json && echo named
