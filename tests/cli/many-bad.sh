# Bad ones among good ones: every bad one gets its error, and nothing is decided without it.
cd "$T" || exit 1
good='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
echo "$good" >good.json
echo '{' >bad.json
verdict eval --identity nowhere.json --identity good.json --boundary bad.json --principal arn:aws:iam::111122223333:user/a \
    --action s3:GetObject --resource '*' --context-file nothing.json
