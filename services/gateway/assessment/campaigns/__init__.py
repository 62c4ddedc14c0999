"""Joint campaigns: approved requests brought together, planned, announced, visited."""
