"""Ed-Fi: the resources of an operational data store as JSON, versions 4 to 6 of the data standard."""

from evenground.sources.edfi.format import EdFi, edfi_format, is_edfi
from evenground.sources.edfi.read import read_edfi

__all__ = ["EdFi", "edfi_format", "is_edfi", "read_edfi"]
