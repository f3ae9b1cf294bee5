# A closed pipe is no error and does not change the answer; a full disk is one; a closed standard output too.
e=policies/examples/team-data
(verdict help eval; echo "exit $?" >&2) | true
verdict version >/dev/full
echo "exit $?" >&2
verdict version >&-
echo "exit $?" >&2
verdict eval --identity - --principal arn:aws:iam::111122223333:user/a --action s3:GetObject --resource '*' <&-
echo "exit $?" >&2
