# One edit from an allow is another statement than the one that is about the call: both are told, the second once.
cat >"$T/dev.json" <<'END'
{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::team-data/*"},
  {"Sid": "FromOffice", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::team-data/*",
   "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}}]}
END
cd "$T" || exit 1
ask() {
    verdict explain --identity dev.json --principal arn:aws:iam::111122223333:user/alice --action s3:PutObject \
        --resource arn:aws:s3:::team-data/a.csv --resource-account 111122223333 --context aws:SourceIp=203.0.113.9 "$@"
    echo "exit $?"
}
ask | sed -n '/^closest/,/^what/p'
ask --format markdown | sed -n '/^#### Closest/,/^#### What/p'
echo "--- but for the network"
ask --context aws:MultiFactorAuthPresent=true | sed -n '/^closest/,/^what/p'
