"""The outsider: what can be worked out from everything that is released. Shares no code with what hides."""
