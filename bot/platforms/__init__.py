"""The faces of the desk: Telegram, Discord and the terminal."""
