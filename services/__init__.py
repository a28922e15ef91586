"""What may happen: the verbs, the read compiler, permissions and every engine. Entered by the front door of each noun."""
