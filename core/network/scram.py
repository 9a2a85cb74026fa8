"""Bounds of the number of iterations that a server may request in SCRAM (RFC 5802).

The client hashes before the server has proved its identity, so an impostor can choose the number. Many iterations would
keep the process busy for hours; few would let the impostor guess the password from the proof with little work.
"""

MIN_ITERATIONS = 4096
"""Minimum number of iterations: that of RFC 7677, and the default of PostgreSQL and Kafka."""

MAX_ITERATIONS = 1_000_000
"""Maximum number of iterations: less than a second of one processor."""
