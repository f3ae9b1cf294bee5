# The shapes of AWS: a file, file://, standard input and the text itself give the same.
f=policies/examples/simulate/input.json
verdict simulate --cli-input-json $f
verdict simulate --cli-input-json file://$f >"$T/a"
verdict simulate --cli-input-json - <$f >"$T/b"
verdict simulate --cli-input-json "$(cat $f)" >"$T/c"
cmp "$T/a" "$T/b" && cmp "$T/a" "$T/c"
verdict simulate --cli-input-json '{"ActionNames": ["s3:GetObject"], "PolicyInputLst": []}'
echo "exit $?"
