# Policies made smaller by what was used: of a role, of a policy that is held, of files; and questions that cannot be asked.
acme=corpus/snapshots/acme
verdict usage collect -q corpus/trails/month -o "$T/u"
ask() {
    echo "\$ $*"
    "$@" >"$T/out" 2>&1
    code=$?
    grep -v 'things are not whole' "$T/out"
    echo "exit $code"
}
size() {
    who=$1
    shift
    ask verdict rightsize "arn:aws:iam::$who" --usage "$T/u" --snapshot $acme "$@"
}
size 222222222222:role/deploy
size 222222222222:role/deploy --mode strict -f policy
verdict rightsize arn:aws:iam::222222222222:role/app-orders --usage "$T/u" --snapshot $acme -v 2>/dev/null
size 222222222222:role/app-orders --drop-unseen data-events-off
size 222222222222:policy/team/operations --mode by-access-level --accept-assumed
size 222222222222:policy/team/operations --mode by-service -f markdown
size 222222222222:user/legacy-backup
size 222222222222:role/admin
# lists
printf '# why\niam:CreateRole until:2999-01-31 the new team\ncloudformation:* until:2001-01-31 over\n' >"$T/keep"
size 222222222222:role/deploy --keep "$T/keep" -q
printf 'iam:CreateRole\n  s3 because\ns3:Get* until:soon because\n' >"$T/keep"
size 222222222222:role/deploy --keep "$T/keep"
printf 's3:Getobjct because\n\000 because\n' >"$T/keep"
size 222222222222:role/deploy --keep "$T/keep"
printf 'lambda:\377\n' >"$T/rooms"
size 222222222222:role/deploy --headroom "$T/rooms"
# files
cat >"$T/p.json" <<'END'
{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Stop", "Effect": "Deny", "Action": "cloudformation:Delete*", "Resource": "*" },
    { "Effect": "Allow", "Action": ["cloudformation:*ChangeSet", "kms:*"], "Resource": "*",
      "Condition": {"Bool": {"aws:SecureTransport": "true"}} },
    { "Effect": "Allow", "NotAction": ["iam:*", "lambda:*"], "Resource": "*" }
  ]
}
END
ask verdict rightsize "$T/p.json" --principal arn:aws:iam::222222222222:role/deploy --usage "$T/u" -f policy --restore "$T/r"
cat "$T/r"
# safety valves
size 222222222222:role/deploy --from 2025-05-10
size 222222222222:role/deploy --from 2025-05-10 --min-window 0
size 222222222222:role/deploy --drop-unseen unmapped-name
# a proof without an answer
size 222222222222:role/deploy --budget 1
# nonsense
size 222222222222:role/deplo
size 222222222222:root
size 222222222222:policy/nobodys
size 222222222222:role/deploy --drop-unseen weather
size 222222222222:role/deploy --mode strict --pair-verbs
size 222222222222:role/deploy --min-coverage 101
ask verdict rightsize
ask verdict rightsize "$T/p.json" --usage "$T/u"
ask verdict rightsize arn:aws:iam::222222222222:role/deploy --usage "$T/u"
ask verdict rightsize arn:aws:iam::222222222222:role/deploy --snapshot $acme
ask verdict rightsize "$T/p.json" --snapshot $acme
