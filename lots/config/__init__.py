"""What a PBX should be told, as values, and Asterisk's text for it. PURE: no I/O, no ORM, no clock.

``setup`` holds the values, ``gate`` the one check every value passes, ``conf`` the files as structure; the writers
(``parking``, ``extensions``, ``music``) turn a ``Setup`` into the three files, ``clash`` says what would collide.
"""
