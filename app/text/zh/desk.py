"""Sentences of the desks."""

TEXT: dict[str, str] = {}
