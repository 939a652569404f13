"""Who may come in, from where, how often, and what a browser may do with what it gets."""
