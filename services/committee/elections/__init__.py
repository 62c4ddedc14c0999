"""Elections of residents' committees 居民委员会选举, from the resolution to the handover."""
