"""Forms in use: fields and rules that come to a long table, and an object with many fields."""
