"""evenground: an honest picture of who gets what in a school system, published so that no child can be picked out of it."""

__version__ = "0.1.0"
