"""Every command with its arguments and options, as `--help` has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from evenground.cli import app
from writers.markdown import paragraphs, table


def commands() -> str:
    group: Any = get_command(app)
    return "\n".join(line for named in group.commands.items() for line in command_section(*named))


def command_section(name: str, command: Any) -> Iterator[str]:
    yield from (f"## evenground {name}", "", paragraphs(command.help), "")
    visible = [parameter for parameter in command.params if not parameter.hidden]
    yield from table(("argument or option", "what it does", "if left out"), map(parameter_row, visible))


def parameter_row(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        spelled = f"`{parameter.metavar or parameter.name.upper()}`"
    else:
        spelled = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
        spelled += f" {parameter.metavar}" if parameter.metavar else ""
    if parameter.required:
        default = "it must be given"
    elif parameter.default in (None, "", False, [], ()):
        default = ""
    else:
        default = f"`{parameter.default}`"
    several = " May be given several times." if parameter.multiple else ""
    return spelled, paragraphs(parameter.help) + several, default
