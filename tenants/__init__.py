"""Whose: the catalog, placements, connections, transactions, provisioning, migration and keys. The floor of the house."""
