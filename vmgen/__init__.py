"""vmgen: bindings for the records that a runtime shares with compiled code."""

__version__ = "0.1.0"
