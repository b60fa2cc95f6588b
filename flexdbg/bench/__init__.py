"""Measurements: published tables rerun on the cycle model, and how fast the simulator itself is."""
