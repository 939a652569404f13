"""One file a place of the site: what is asked of it, and what it shows."""
