"""The GraphQL door: requests come in here, one service verb is called, and its answer goes out."""
