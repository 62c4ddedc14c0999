"""Burden: what was asked of communities, and how much of it still reached them."""
