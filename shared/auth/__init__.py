"""Who asks, and what they may do: tokens, principals, named policies."""
