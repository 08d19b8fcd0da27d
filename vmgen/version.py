"""The version of vmgen, for all that print it."""

__version__ = "0.5.0"
