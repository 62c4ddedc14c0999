"""Requests and answers of elections."""
