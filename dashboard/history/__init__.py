"""What was: the list of stays, reports over them, and both as files."""
