"""Machines that a generated module can be written for."""
