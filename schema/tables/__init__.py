"""What shape, stored: SQLAlchemy Core tables of a tenant schema, without behaviour and without a schema name."""
