"""Planner holds a small business to its posting rhythm: calendar, reminders, weekly summary."""

__version__ = "0.1.0"
