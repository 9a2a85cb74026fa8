"""Jobs that measure the risk of accounts."""
