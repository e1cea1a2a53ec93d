"""Faults against the real parts: ``python -m tests.chaos``. What it found stands in docs/chaos.md."""
