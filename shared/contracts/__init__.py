"""What services promise one another."""
