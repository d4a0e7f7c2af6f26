"""The only place with SQL: tables, transactions, named queries, migrations."""
