# An explicit deny names the statement; levels of SCPs come as files and as directories.
mkdir "$T/root"
cp policies/guard-rails/full-access.json policies/guard-rails/protect-the-trail.json "$T/root"
mkdir "$T/root/deeper"
echo broken >"$T/root/deeper/not-asked-for.json"
verdict eval --identity policies/guard-rails/full-access.json --scp "$T/root" --scp policies/guard-rails/full-access.json \
    --principal arn:aws:sts::111122223333:assumed-role/admin/alice --action cloudtrail:StopLogging \
    --resource arn:aws:cloudtrail:eu-central-1:111122223333:trail/main
