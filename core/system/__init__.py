"""The machine: accounts, files, threads and child processes."""
