"""The design system: values and handlers in, markup out. Nothing here knows the domain."""
