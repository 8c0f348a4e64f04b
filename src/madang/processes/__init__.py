"""processes — institutions at work: a recipe opened in a place, with its own frozen rules and dates.

1. A running process keeps the text and digest of the recipe it opened with; editing the file changes only the next one.
2. Every part the recipe names is played by a real body before the process opens.
3. The charter is a process too: the house rules of a place, where what belongs to no other process is allowed.
"""
