"""Shared reading that every adapter uses."""
