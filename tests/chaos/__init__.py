"""A rehearsal of everything that can go wrong at once: `python -m chaos`, or `make chaos`.

Pushes go through the real web process, workers, clock and Valkey server, while these are killed, deliveries
come late, twice and out of order, answers of the server are lost, and the model fails half of its calls.
docs/faults.md says what is counted.
"""
