"""Bringing the whole product up, and down again, on one machine with one command."""
