"""The district key, row-level security, and one transaction a request, on PostgreSQL."""
