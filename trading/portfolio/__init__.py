"""What accounts were worth each day, kept once a day, and how they stand beside each other."""
