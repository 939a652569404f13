"""Approximate Bayesian computation by sequential Monte Carlo: pyABC proposes and weighs, our executors simulate."""
