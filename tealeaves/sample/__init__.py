"""A bundled sample of government sites, for the demo and the tests."""
