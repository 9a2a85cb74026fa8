"""Updates of Telegram: received, stored, and handed to the router."""
