"""HTTP as every service speaks it: problems, paging, preconditions, idempotency, limits."""
