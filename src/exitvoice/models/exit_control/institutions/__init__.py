"""Institutions of the exit-control model: once a step, on tallies; state in, state out."""
