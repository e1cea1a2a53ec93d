"""How dates and times are written, for each language: what differs from Django's own."""
