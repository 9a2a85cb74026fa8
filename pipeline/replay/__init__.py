"""Plays recordings: files of candles and of raw frames."""
