"""These tests run in the CUDA simulator, in a process of its own: tests/kernels/test_cuda.py starts it."""

import os

collect_ignore_glob = [] if os.environ.get("NUMBA_ENABLE_CUDASIM") == "1" else ["test_*.py"]
