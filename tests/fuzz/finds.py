"""Numbers of cases that broke a reader once; each stays, so that none breaks it again."""

FOUND: tuple[int, ...] = (
    23,  # a column's name of 1.2 million letters, in a sentence
    148,  # a member of an archive without a name
)
