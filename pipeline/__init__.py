"""Rayonner: what the public says of a territory's brand, with its uncertainty."""

__version__ = "0.7.0"
