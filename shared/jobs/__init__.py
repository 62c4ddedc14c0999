"""Background work on PgQueuer, and long jobs whose progress anyone entitled can follow."""
