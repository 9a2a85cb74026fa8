"""What people see: commands, replies, charts, texts, and one thin adapter per platform."""
