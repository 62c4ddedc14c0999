"""The rulebook as everyone may read it, and the districts' overrides."""
