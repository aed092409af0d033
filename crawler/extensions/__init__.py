"""What a run saw."""
