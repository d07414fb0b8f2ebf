"""Whatever runs outside a request: git, the queue, the clock, the command line."""
