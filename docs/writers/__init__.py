"""What each generated page says, a module a page."""
