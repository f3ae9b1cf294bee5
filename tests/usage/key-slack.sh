# Files whose names say that they are of another time are not even opened; what is called otherwise is read; all of it is counted.
name() { echo "$T/d/111111111111_CloudTrail_eu-west-1_$1_AAAAAAAAAAAAAAAA.json"; }
mkdir "$T/d"
rec() {
    printf '{"Records":[{"eventVersion":"1.08","eventTime":"%s","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"eu-west-1","eventID":"%s","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/a","accountId":"111111111111","principalId":"AIDAEXAMPLE"}}]}' "$1" "$1"
}
rec 2026-03-05T09:00:00Z >"$(name 20260305T0905Z)"
rec 2026-03-05T23:00:00Z >"$(name 20260306T2255Z)" # delivered a day late
rec 2026-03-05T10:00:00Z >"$(name 20260308T0905Z)" # and this one three days
rec 2026-03-01T10:00:00Z >"$(name 20260301T1005Z)"
rec 2026-03-05T11:00:00Z >"$T/d/renamed.json"
echo '{"Records":[' >"$(name 20250101T0000Z)" # would be a complaint
echo '{' >"$T/d/111111111111_CloudTrail-Digest_eu-west-1_my_20260305T0000Z_eu-west-1_20250101T000000Z.json"
echo '{' >"$T/d/111111111111_CloudTrail_eu-west-1_20259901T0000Z_AAAAAAAAAAAAAAAA.json" # no time at all: read
w="--now 2026-04-01 --from 2026-03-05 --to 2026-03-06"
for slack in "" "--key-slack 24" "--key-slack 72"; do
    verdict usage collect $w $slack "$T/d" -o "$T/u.vdu" 2>&1 | sed "s#$T#T#g"
    sed -n 's/.*"n":\([0-9]*\),"f".*/counted \1/p' "$T/u.vdu"
    grep -o '"filesTotal":[0-9]*\|"filesOtherTime":[0-9]*\|"evOutsideWindow":[0-9]*' "$T/u.vdu" | tr '\n' ' '
    echo
done
verdict usage collect -v $w --key-slack 24 "$T/d" -o "$T/u.vdu" 2>&1 | grep other-time | sed "s#$T#T#g"
for j in 1 4; do verdict usage collect -q -j $j $w --key-slack 24 "$T/d" >"$T/$j.vdu"; done
cmp "$T/1.vdu" "$T/4.vdu"
verdict usage collect --key-slack 24 "$T/d"
verdict usage collect --key-slack 23 --from 2026-03-01 "$T/d"
