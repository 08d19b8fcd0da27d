"""The schema language: from a file to a checked, frozen model."""

from vmgen.schema.loader import Loader, load_module
from vmgen.schema.versions import UnknownVersion

__all__ = ["Loader", "UnknownVersion", "load_module"]
