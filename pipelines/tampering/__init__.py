"""Marks pages that are possibly hacked, each mark with its reason in words; nothing is ever dropped for it."""
