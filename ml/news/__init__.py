"""Tone of headlines: rules with a lexicon, and a model that is trained on what coins did afterwards."""
