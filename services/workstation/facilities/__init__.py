"""Premises 办公服务用房, rooms and service points, building projects and their money."""
