"""Bounds of the hashing that a server may ask for in SCRAM (RFC 5802).

The client hashes before the server has proved anything, so a program in the server's place chooses the number. Many
iterations keep the process busy for hours; few let that program guess the password from the proof with little work.
"""

MIN_ITERATIONS = 4096
"""RFC 7677 asks for no fewer; PostgreSQL and Kafka use it unless they are told otherwise."""

MAX_ITERATIONS = 1_000_000
"""Less than a second of one processor."""
