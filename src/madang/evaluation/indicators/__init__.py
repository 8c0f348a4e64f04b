"""One file, one indicator. A new one is a new file here and its key in a recipe's `indicators`."""
