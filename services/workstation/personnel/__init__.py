"""Staff 工作人员, and where each really is."""
