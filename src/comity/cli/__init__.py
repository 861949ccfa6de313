"""The command line: one module for each concept, loaded only when its command is called."""
