"""The residents' talk hall 居民说事: from what is said to what is settled (组织法 32)."""
