"""The desk on Discord: slash commands and presses become lines, replies become embeds and buttons."""

import warnings

with warnings.catch_warnings():
    # For voice, which the desk has none of, the library imports a module that Python 3.13 dropped.
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord as discord
