"""What the peers of the bench `matching` run, each with the Python of an environment of its own."""
