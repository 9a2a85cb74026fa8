"""The console: the desk in a terminal or at the end of a pipe. A thin face, mirrored by the other platforms'."""
