# Words that make no sense: exit 2, what is wrong, what may have been meant, where to read.
ask() {
    echo "$ verdict $*" >&2
    verdict "$@"
    echo "exit $?" >&2
}
ask
ask evla
ask --verson
ask --quiet eval
ask eval
ask eval --acton x
ask eval --action
ask eval -x
ask eval -format json
ask eval --format jsno
ask eval --format json --format text
ask eval --format json=
ask eval --quiet=yes
ask eval extra
ask eval --action s3:GetObject --context nothing
ask eval --scenario a --bundle b
ask eval --scenario a --scp b
ask eval --requests a --event b
ask eval --requests a --action s3:GetObject
ask eval --identity - --boundary - --action s3:GetObject
ask test --jobs many
ask compile
ask compile policies/examples/team-data/dev.json
ask compile policies/examples/team-data/dev.json --policy-type bucket -o x
ask simulate
ask version more
ask help evla
ask help eval explain
ask completion tcsh
ask version --colour always
VERDICT_JOBS=lots verdict test policies
echo "exit $?" >&2
