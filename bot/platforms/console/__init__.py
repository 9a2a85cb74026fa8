"""Console platform: the bot in a terminal or at the end of a pipe. Mirrored by the other platforms."""
