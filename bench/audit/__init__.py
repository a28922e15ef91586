"""`./kezhi bench audit`."""
