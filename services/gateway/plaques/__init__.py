"""Plaques 挂牌: three hang outdoors; every other one is asked for, paid for and kept indoors by the
department that wants it."""
