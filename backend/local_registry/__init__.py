"""The embedded registries: what a county's data-sharing platform stands for, on this machine alone.

For trying, developing and testing; a county connects its own platform (docs/registry-protocol.md).
"""

KEY_ID = "embedded"
