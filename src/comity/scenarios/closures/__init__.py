"""How often things shut and for how long: events from dated closures, rates and lengths, and years drawn from them."""
