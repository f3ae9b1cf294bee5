# Files are found, told in order, and the output does not depend on the number of threads.
verdict test policies/examples policies/guard-rails
verdict test -v --now 2026-01-01T00:00:00Z policies/examples 2>"$T/notes"
verdict test -v -j 1 policies >"$T/one" 2>"$T/one.err"
verdict test -v -j 7 policies >"$T/seven" 2>"$T/seven.err"
cmp "$T/one" "$T/seven"
verdict test -q policies
