"""Who gets in: passwords, second factor, single sign-on, and what holds up those who guess."""
