"""How customers get on: how many come how far, how long each step takes them, where they stop."""
