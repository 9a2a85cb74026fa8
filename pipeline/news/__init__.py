"""News: feeds that the operator lists, read safely, kept once for each story, and matched to coins."""
