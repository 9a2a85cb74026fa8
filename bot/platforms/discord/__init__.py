"""Discord platform: slash commands and presses become lines, replies become embeds and buttons."""

import warnings

with warnings.catch_warnings():
    # For voice, which the bot does not use, the library imports a module that Python 3.13 removed.
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord as discord
