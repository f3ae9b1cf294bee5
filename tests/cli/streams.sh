# A closed pipe is no error and does not change the answer; a full disk is one, and a closed standard output.
e=policies/examples/team-data
(verdict help eval; echo "exit $?" >&2) | true
verdict version >/dev/full
echo "exit $?" >&2
verdict version >&-
echo "exit $?" >&2
verdict eval --identity - --principal arn:aws:iam::111122223333:user/a --action s3:GetObject --resource '*' <&-
echo "exit $?" >&2
