# What comes from a file must not talk to the terminal.
printf '{"Version": "2012-10-17", "Statement": [{"Sid": "\\u001b[2Jx", "Effect": "Allow", "Action": "*", "Resource": "*"}]}' >"$T/$(printf 'a\033[31mb').json"
verdict eval --identity "$T/$(printf 'a\033[31mb').json" --principal arn:aws:iam::111122223333:user/a \
    --action s3:GetObject --resource "$(printf 'arn:aws:s3:::b/\033]0;x\007')" --resource-account 111122223333 -q
