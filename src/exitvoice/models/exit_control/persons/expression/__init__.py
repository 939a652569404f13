"""What a person shows: three interchangeable theories, one a file, and when it is revised."""
