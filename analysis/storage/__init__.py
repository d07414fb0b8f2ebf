"""What is kept in Redis: every key, every atomic step, and what comes back from them."""
