# What AWS says about the use of services, identities, keys; what a trail was told to log; sums of events.
for f in corpus/trails/reports/*; do
    verdict usage collect -q --now 2026-04-01 "$f" | grep '^{'
done
verdict usage collect -q --now 2026-04-01 --principal arn:aws:iam::111111111111:role/build/ci-deploy \
    corpus/trails/reports/access-advisor.json | verdict usage show -
