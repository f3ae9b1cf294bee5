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
# More of it than is kept: not a word either.
{
    printf '{"Version": "2012-10-17", "Statement": ['
    i=0
    while [ $i -lt 110 ]; do
        printf '{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},'
        i=$((i + 1))
    done
    printf '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}'
} >"$T/advice.json"
ask
