"""What people buy again and again: plans, each with a rhythm of its own."""
