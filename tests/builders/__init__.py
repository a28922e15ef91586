"""Plain functions that build things through the service verbs, one file per noun, every argument defaulted."""
