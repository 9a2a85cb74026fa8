"""Platform adapters: Telegram, Discord and the console."""
