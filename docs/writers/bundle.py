"""The columns of the tables in a bundle, by the contract."""

from __future__ import annotations

import json

from evenground.definitions import load, load_wording
from evenground.report import codebook, schema
from evenground.report.story.speech import Speech
from writers.markdown import table


def bundle() -> str:
    speech = Speech(load(), load_wording())
    contract = json.loads(schema.kept())
    meanings = {(file, column): said.en for file, column, _, said in codebook.columns(speech)}
    lines = [f"Contract {contract['contract']}.", ""]
    for name, entry in contract["tables"].items():
        lines += [f"### {name}", "", f"Key: {', '.join(f'`{key}`' for key in entry['key'])}.", ""]
        rows = (
            (
                f"`{column['name']}`",
                column["type"],
                column.get("unit", ""),
                "yes" if column["nullable"] else "",
                column["since"],
                meanings[name, column["name"]],
            )
            for column in entry["columns"]
        )
        lines += table(("column", "type", "unit", "may be empty", "since", "meaning"), rows)
    return "\n".join(lines)
