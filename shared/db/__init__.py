"""PostgreSQL through SQLAlchemy: the district key, row-level security, one transaction a request."""
