"""Figures of speed, each measured against the naive way in the same run."""
