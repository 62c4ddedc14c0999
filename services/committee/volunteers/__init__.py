"""Volunteer teams 志愿服务队."""
