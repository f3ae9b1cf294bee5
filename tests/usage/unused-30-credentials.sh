# Credential reports with and without the last column, with a byte-order mark, with either line end.
head='user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated'
a=arn:aws:iam::111111111111
old=2024-01-01T00:00:00+00:00
none=false,N/A,N/A,N/A,N/A
{
    printf '\357\273\277%s\r\n' "$head"
    printf '<root_account>,%s:root,%s,not_supported,no_information,not_supported,not_supported,true,%s,%s,false,N/A,false,N/A\r\n' $a $old $none $none
    printf 'ann,%s:user/ann,%s,TRUE,no_information,%s,N/A,TRUE,true,2026-05-31T00:00:00Z,N/A,N/A,N/A,%s,false,N/A,false,N/A\r\n' $a $old $old $none
    printf 'ben,%s:user/ben,%s,false,N/A,N/A,N/A,false,true,%s,2026-01-01T00:00:00+00:00,us-east-1,s3,true,2026-05-20T00:00:00Z,N/A,N/A,N/A,false,N/A,false,N/A\r\n' $a $old $old
} >"$T/22.csv"
{
    printf '%s,additional_credentials_info\n' "$head"
    printf 'cat,%s:user/cat,%s,true,2026-06-01T00:00:00+00:00,%s,N/A,false,%s,%s,false,N/A,false,N/A,\n' arn:aws:iam::222222222222 $old $old $none $none
} >"$T/23.csv"
verdict usage collect -q --now 2026-06-02 "$T/22.csv" "$T/23.csv" -o "$T/c.vdu"
verdict unused --usage "$T/c.vdu" --identities --now 2026-06-02 --as-of 2026-06-01 | sed -n '/^$/,$p'
verdict unused --usage "$T/c.vdu" --identities --now 2026-06-02 --as-of 2026-06-01 --fail-on unused-key -q
echo "exit $?"
verdict unused --usage "$T/c.vdu" --identities --now 2026-06-02 --as-of 2026-06-01 --fail-on unused-user -q
echo "exit $?"
