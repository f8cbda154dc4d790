"""The speed and quality figures, each with one command."""
