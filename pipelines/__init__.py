"""Finds: what happens to a fetched page, one verb per module."""
