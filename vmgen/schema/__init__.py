"""The schema language: from a file to a checked, frozen model."""

from vmgen.schema.resolve import load_module

__all__ = ["load_module"]
