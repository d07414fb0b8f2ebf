"""What a model is asked to say, and reading it out of what it did say."""
