# Keys with dates and ids become a pattern, names of buckets stay names, and nobody guesses an account.
. tests/usage/records
. tests/usage/rightsizing
for day in 01 02 03 04 05 06 07 08 09 10 11 12; do
    for i in 1 2; do
        event s3 GetObject $day "$(object one "logs/2026/03/$day/0b5c1f8e-00$i$i-4000-8000-0000000000$day")"
    done
    event s3 GetObject $day "$(object two "in/report.csv")"
    event s3 GetObject $day "$(object three "in/report.csv")"
done >"$T/log"
collect
policy '{"Effect":"Allow","Action":"s3:*","Resource":"*"}'
size --mode strict --accept-assumed --drop-unseen all --accept-unmapped
policy '{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::one/logs/2026/*","arn:aws:s3:::two/in/*","arn:aws:s3:::three/*"]}'
size --mode strict --accept-assumed --drop-unseen all --accept-unmapped
# other uses may have been missed: what is granted stays
format=json size --mode strict --accept-assumed | grep '"reason"\|"smaller"'
