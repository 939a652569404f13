"""Speed of other frameworks on the same work: ``make bench-peers``, or ``python -m benchmarks.peers``."""
