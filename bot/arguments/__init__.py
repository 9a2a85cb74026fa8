"""The arguments of commands: per kind, how words become a value and what is suggested while they are typed."""
