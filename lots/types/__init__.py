"""The words the parts of ``lots`` share: frozen facts and events, no behaviour beyond themselves.

``ami`` makes these from wire text, ``board`` turns them into state, ``bridge`` carries them.
All times are timezone-aware UTC; all texts are plain (unescaped), ``""`` when Asterisk does not know.
"""
