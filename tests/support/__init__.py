"""What tests stand on: a real PostgreSQL, tokens signed by a key of the tests' own, clients."""
