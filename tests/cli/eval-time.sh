# The clock is read only when nothing else tells the time, and the value is told when a policy asks for it.
printf '%s' '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*",
"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}]}' >"$T/time.json"
ask() {
    verdict eval --identity "$T/time.json" --principal arn:aws:iam::111122223333:user/a --action s3:GetObject \
        --resource '*' --resource-account 111122223333 "$@" 2>&1 |
        sed 's/clock: 2[0-9-]*T[0-9:]*Z$/clock: NOW/'
}
ask
ask -v
ask -v --now 2026-01-01T00:00:00Z
ask -v --now 2019-01-01T00:00:00Z
ask -v --context aws:CurrentTime=2026-01-01T00:00:00Z
ask --now tomorrow
