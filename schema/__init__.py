"""What shape: stored tables, what objects and fields mean, and how they are exposed over GraphQL."""
