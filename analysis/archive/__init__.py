"""A ledger as lines of JSON, and such lines as a ledger again."""
