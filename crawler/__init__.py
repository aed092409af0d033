"""Reads: address to bytes to Document; the only room that knows Scrapy's engine."""
