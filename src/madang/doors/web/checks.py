"""System checks of the house (written by the doors)."""
