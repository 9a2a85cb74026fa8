"""Messages to Telegram: rendered, paced and sent."""
