"""A tenant on servers of its own, for benchmarks that call verbs in this very process."""
