"""How fast and how lean the main road is, side by side with its peers: `python -m bench`
(docs/reference/bench.md)."""
