"""Findings of visits: by named assessors, with evidence, and residents' ratings."""
