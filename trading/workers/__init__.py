"""Long-running work of trading."""
