"""Decides which posts mention which brand, in which sense, and keeps the evidence."""
