"""The whole database and all recordings as one file, out and in, from either database to either."""
