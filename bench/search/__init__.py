"""Search at a million customers: what each kind of question costs."""
