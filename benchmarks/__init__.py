"""Speed of the engine beside plain NumPy, measured in one run: ``python -m benchmarks``."""
