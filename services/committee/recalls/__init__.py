"""Recall 罢免, resignation 辞职 and the other ways in which an office ends; what is then vacant."""
