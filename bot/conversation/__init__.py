"""Text without a slash: words for commands, orders in plain words, answers to the bot's questions."""
