"""A shape of objects as GraphQL: types, inputs, filters, aggregates, mutations, and their one printer."""
