# Results of queries, histories, credential reports, tables of any tool.
verdict usage collect --now 2026-04-01 --max-rejected 100% corpus/trails/tables
