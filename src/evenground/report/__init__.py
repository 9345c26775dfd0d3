"""Released -> the review bundle: page, print, workbook, tidy files, receipt; and back."""

from evenground.report.bundle import FILES, check_folder, read, write

__all__ = ["FILES", "check_folder", "read", "write"]
