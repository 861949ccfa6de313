"""When a border shuts: changes laid over the network, how likely they are, and what they do to a pair of countries."""
