"""Approved posts 核定岗位 and the quota they are measured by."""
