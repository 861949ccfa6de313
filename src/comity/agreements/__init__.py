"""What two countries promised each other: texts read for commitments, and what came of each."""
