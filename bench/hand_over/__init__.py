"""`./kezhi bench hand_over`."""
