"""Direct flights: which city pairs of two countries can carry one, with what, how often, and what shut airspace does to it."""
