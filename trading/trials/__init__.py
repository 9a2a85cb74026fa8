"""Trials of users: every back-test counts, so that the best of many is judged as such."""
