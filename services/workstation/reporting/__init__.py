"""The district's reports, computed from its own records."""
