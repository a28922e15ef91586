"""What shape, exposed: hand-shaped inputs and payloads of the verbs, one file per noun, plain fields only."""
