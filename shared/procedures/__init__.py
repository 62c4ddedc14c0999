"""Procedures as tables: state, action, who may take it, next state, what it needs, its limit."""
