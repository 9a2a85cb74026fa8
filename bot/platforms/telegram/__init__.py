"""The desk in Telegram."""
