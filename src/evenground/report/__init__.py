"""Released -> the review bundle: page, print, workbook, tidy files, receipt; and back."""

from evenground.report.bundle import FILES, PAGES, check_folder, read, strangers, write

__all__ = ["FILES", "PAGES", "check_folder", "read", "strangers", "write"]
