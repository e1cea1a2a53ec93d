"""Board lag: how long after Asterisk said it the browsers have it. Run with ``python -m tests.bench``."""
