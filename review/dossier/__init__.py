"""What a body's disclosures add up to: ledgers that prove, bound or leave open, and never promote."""
