"""Remembers: rows, queries, migrations, search; knows no other room."""
