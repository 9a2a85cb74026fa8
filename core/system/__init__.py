"""The machine: accounts, files and child processes."""
