"""The commands of the command line: each module has `options(parser)` and `run(arguments)`."""
