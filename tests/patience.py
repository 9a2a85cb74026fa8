"""How long a test waits for a condition before it fails: a busy machine is slow, and no test asserts a duration."""

PATIENCE_SECONDS = 600.0
