"""How to read a CMS family: one module per family, the same pure functions in each."""
