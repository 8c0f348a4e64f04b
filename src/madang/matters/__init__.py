"""matters — the 의제: the one thing that travels. It never moves by copying; it gets links."""
