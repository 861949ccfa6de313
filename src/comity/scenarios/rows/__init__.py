"""Scenarios as data: rows of closures, delays and prices laid over the network."""
