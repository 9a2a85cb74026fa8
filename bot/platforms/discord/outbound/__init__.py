"""Messages to Discord: rendered and sent."""
