"""The command `exitvoice`: one file a command; it prints and never computes."""
