"""Objects and fields as data, and what they mean in PostgreSQL and GraphQL."""
