"""Who does the work: this process, several, or a cluster; many pairs, kept as they are finished."""
