"""Personal data at rest: encrypted with rotatable keys, found by a keyed hash."""
