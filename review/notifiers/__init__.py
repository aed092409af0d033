"""Ways a digest reaches a person."""
