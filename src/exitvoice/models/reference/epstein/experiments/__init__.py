"""What is done with worlds of civil violence: one experiment a file."""
