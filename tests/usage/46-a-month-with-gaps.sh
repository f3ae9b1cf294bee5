# A month of logs of which a few days are not there: days without any event in a busy account, hours without digest, a file
# that a digest names; as text and as JSON.
d=tests/usage
{
    $d/days 1 14 ec2 RunInstances false
    $d/days 16 31 ec2 DescribeInstances true
    $d/days 3 3 sqs FrobnicateQueue false
} >"$T/log.json"
for hour in 1 2 3 4 8 9; do
    $d/digest 20 $hour log.json.gz gone.json.gz >"$T/$hour.digest"
done
verdict usage collect -q --now 2026-04-01 "$T/log.json" "$T"/*.digest -o "$T/a.vdu"
verdict usage show --coverage "$T/a.vdu" | sed 's/tables [0-9a-f]*/tables X/'
verdict usage show --coverage -f json "$T/a.vdu" >"$T/a.json"
schema-check docs/schema/coverage.json "$T/a.json"
sed -n '/"gaps"/,/"classes"/p' "$T/a.json"
echo "a longer time than there are logs of:"
verdict usage show --coverage --from 2026-01-01 --to 2026-05-01 "$T/a.vdu" | sed -n 's/tables [0-9a-f]*/tables X/; 1,/^gaps/p'
# nonsense
verdict usage show --coverage
verdict usage show --coverage --actions "$T/a.vdu"
verdict usage show --coverage --principal x "$T/a.vdu"
verdict usage show --coverage -f csv "$T/a.vdu"
verdict usage show --coverage "$T/nothing.vdu"
verdict usage show --coverage "$T/log.json"
verdict usage show --coverage --from yesterday "$T/a.vdu"
echo >"$T/empty.json"
verdict usage collect -q "$T/empty.json" | verdict usage show --coverage - | sed 's/tables [0-9a-f]*/tables X/'
