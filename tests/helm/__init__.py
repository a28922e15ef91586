"""The chart renders to what Kubernetes accepts, and carries no secret."""
