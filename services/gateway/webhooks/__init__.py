"""Webhooks: departments' systems are told of events, signed, in order, until they have heard."""
