"""Figures of the product, measured against the product itself as `make run` starts it."""
