"""Operation of a process: the log, the heartbeat and garbage collection."""
