"""Self-governance: committees and terms, volunteers."""
