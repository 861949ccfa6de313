"""What a new line or a quicker crossing changes: before and after, for a pair, a region, and over simulated years."""
