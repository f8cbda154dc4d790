"""Rayonner: what the public says of a territory's brand, with its uncertainty."""
