"""The house rules as tests: each states its reason, and is shown one good and one bad example before it judges."""
