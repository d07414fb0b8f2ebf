"""Several days as one: what a reader has missed since the last time, a week, a month, a year."""
