"""Accounts, machine clients, grants and tokens."""
