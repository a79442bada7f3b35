"""Draws what `lrsim` computes: one file per picture, found by name (see `python -m figures --help`)."""
