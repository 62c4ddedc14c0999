"""Residents' committees 居民委员会, their terms of office and members."""
