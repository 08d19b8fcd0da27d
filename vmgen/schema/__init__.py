"""The schema language: from a file to a checked, frozen model."""

from vmgen.schema.resolve import Loader, load_module

__all__ = ["Loader", "load_module"]
