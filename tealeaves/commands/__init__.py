"""One module per command; heavy rooms are imported inside the function."""
