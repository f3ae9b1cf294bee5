# Advice is not for an evaluation: nothing without -v, and the same answer with it.
cat >"$T/advice.json" <<'END'
{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
  {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": {"StringEquals": {"s3:prefix": "home/*"}}}]}
END
cd "$T" || exit 3
ask() {
    verdict eval "$@" --identity advice.json --principal arn:aws:iam::111122223333:user/alice --action iam:PassRole \
        --resource arn:aws:iam::111122223333:role/app
}
ask && ask -v
