"""Streets, communities and their history, households and residents."""
