"""What the authorization journey prepares and asks, a module for each capability.

`asks(at)` gives a request of each operation at a place; `prepare(cast, at)`, where there is one, is
called for each place in turn and makes what it needs there; `SCOPES` are what a machine client needs.
"""
