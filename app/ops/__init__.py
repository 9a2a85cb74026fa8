"""Operation: the log, the heartbeat and garbage collection."""
