"""What asking a language model is: messages in, a completion or a typed failure out."""
