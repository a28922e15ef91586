"""The naive peer: Strawberry over SQLAlchemy's ORM with dataloaders."""
