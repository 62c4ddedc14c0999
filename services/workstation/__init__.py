"""The government's delegated work in the communities."""
