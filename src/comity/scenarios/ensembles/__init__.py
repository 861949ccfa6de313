"""The least ways under thousands of states at once, and what shipments meet in many simulated years."""
