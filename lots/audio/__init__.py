"""Recordings people upload: kept, converted in the background, served to Asterisk and browsers."""
