"""Redis market store: the newest price of every symbol, its recent history, the running market and its rules.

All of it is a copy of the stream's data: the store may be emptied at any time and is refilled automatically.
"""
