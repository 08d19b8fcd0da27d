"""vmgen: bindings for the records that a runtime shares with compiled code."""

from vmgen.version import __version__

__all__ = ["__version__"]
