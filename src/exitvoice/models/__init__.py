"""The domain: one folder a model."""
