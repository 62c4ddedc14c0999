"""Results: scores with their whole derivation, objections, and what departments share of them."""
