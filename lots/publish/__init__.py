"""Publishing: the database's lots become Asterisk's configuration, proven to be running there."""
