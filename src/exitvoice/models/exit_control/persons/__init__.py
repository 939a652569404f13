"""What happens to a person in one step: one mechanism a file, in the order of the model."""
