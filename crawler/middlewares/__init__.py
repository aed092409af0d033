"""One concern of fetching per module."""
