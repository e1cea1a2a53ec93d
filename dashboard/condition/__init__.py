"""How the portal is, in sentences for who runs it: what is well, what is not, and what to do."""
