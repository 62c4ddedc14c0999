"""The workstation: the government's delegated work."""
