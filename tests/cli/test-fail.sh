# Failures say what was expected and what came; --fail-fast stops after the first, --filter picks.
cp -r policies/examples/team-data "$T/tests"
sed 's/"expect": "allow"/"expect": "deny"/' policies/examples/team-data/team-data.test.json >"$T/tests/team-data.test.json"
cd "$T" || exit 3
verdict test
echo "exit $?"
verdict test tests --fail-fast
echo "exit $?"
verdict test --filter '*MFA*' -v 2>/dev/null
echo "exit $?"
verdict test --filter 'nothing like it'
echo "exit $?"
