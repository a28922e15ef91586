"""Random sequences of definition changes with data in them: what is done, what must be there then, and how it is looked at."""
