"""The one kind of error that every room raises for something a person can do something about."""


class Problem(Exception):
    """What was asked for cannot be done; the message, in the user's words, is the whole explanation."""
