"""Published models on this engine, each with its paper's equations."""
