"""How much a file may be. Files of schools stay far below; what goes beyond is a mistake or an attack."""

GIGA = 1 << 30

MEMBERS = 10_000
"""Files in one folder or archive. The largest federal collection has a few hundred."""

UNPACKED = 64 * GIGA
"""Bytes of one place once unpacked: the rosters of the largest state are below 10 GB."""

RATIO = 250
"""How many times larger an archive may become. Files of schools become 5 to 60 times larger; the densest
that an archive can honestly be is 1,032 times, and bombs use that."""

RATIO_FROM = GIGA // 4
"""Bytes from which on `RATIO` counts: below, unpacking harms nobody."""

RECORD = 2_000_000
"""Bytes of one row. The widest federal file has 1,929 columns in 60,000 bytes; more is a quote left open."""

COLUMNS = 20_000
"""Columns of a table. A spreadsheet holds 16,384."""

CELLS = 200_000_000
"""Cells of a sheet that are looked at: a full sheet of a million rows and 200 columns."""

SPARSE_ROWS, SPARSE_RATIO = 10_000_000, 1_000
"""Rows from which on a Parquet file may not have more than this many rows a byte."""

NAME = 1_000
"""Letters of a column's name; names that are sentences have 200."""

HEAD = 1 << 18
"""Bytes at the start of a text file in which the columns' names must stand."""

HEAD_ROWS = 60
"""Rows in which the columns' names must stand; the longest title block seen has 8."""

TAIL = 1 << 16
"""Bytes at the end of a text file in which notes under the table are looked for."""

LISTED = 20
"""Problems of one kind that are listed one by one; the rest is a number."""
