"""User interface: commands, replies, charts, texts, and one thin adapter per platform."""
