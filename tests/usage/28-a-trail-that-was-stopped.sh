# The log tells of its own trail: stopped and started again, told something else.  What lies between is a gap; what was logged
# before the change nobody knows, but for what was seen.  An attempt that was denied changes nothing.
d=tests/usage
{
    $d/days 1 31 ec2 RunInstances false
    $d/days 10 10 cloudtrail StopLogging false ',"requestParameters":{"name":"org"}'
    $d/days 12 12 cloudtrail StartLogging false ',"requestParameters":{"name":"org"}'
    $d/days 20 20 cloudtrail PutEventSelectors false ',"requestParameters":{"trailName":"org"}'
    $d/days 25 25 cloudtrail StopLogging false ',"errorCode":"AccessDenied"'
} | verdict usage collect -q --now 2026-04-01 - -o "$T/a.vdu"
verdict usage show --coverage "$T/a.vdu" | sed 's/tables [0-9a-f]*/tables X/'
echo "and from the 15th to the 18th:"
verdict usage show --coverage --from 2026-03-15 --to 2026-03-19 "$T/a.vdu" | sed 's/tables [0-9a-f]*/tables X/'
# stopped, and never started again
{
    $d/days 1 31 ec2 RunInstances false
    $d/days 30 30 cloudtrail DeleteTrail false
} | verdict usage collect -q --now 2026-04-01 - | verdict usage show --coverage - | grep ^gaps
