"""The operator's door: one parser with subcommands by noun, and the launcher of `./kezhi up`."""
