"""Requests and answers of the hall."""
