"""The platform's own words and arithmetic, on the standard library alone."""
