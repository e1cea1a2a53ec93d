"""Figures for Prometheus. Each process counts for itself; docs/deploy.md says what to add up, and what not."""
