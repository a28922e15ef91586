"""What rights cost: lists under them, changing them, handing over what they go by."""
