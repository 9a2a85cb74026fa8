"""Reports on an account: its statement at a moment, and its records as CSV."""
