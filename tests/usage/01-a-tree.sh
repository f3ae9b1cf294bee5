# Logs of two files, with one record in both; a digest and a text beside them.
verdict usage collect --now 2026-04-01 corpus/trails/tree
