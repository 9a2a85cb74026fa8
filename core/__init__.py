"""What every other package builds on: errors, time, decimals, databases, files and processes."""
