"""The Redis market store: the newest price of every symbol, its recent history, the running market and its rules.

Everything in it is a copy of the stream's data: it may be emptied at any time and refills by itself.
"""
