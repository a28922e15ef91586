"""Random shapes, records, callers and questions, and what Python says that the answers must be."""
