"""A lively place to look at: accounts, phones, lots, and callers who come, wait, are taken, and give up."""
