"""User interface of the desk: commands, replies, charts, texts, and one thin adapter per platform."""
