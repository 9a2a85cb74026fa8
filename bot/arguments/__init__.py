"""Readers of command arguments: for each kind, the value that words mean and the suggestions while they are typed."""
