"""Where things are put: whole or not at all, and private things only for as long as they are needed."""

from evenground.storage.private import private_folder
from evenground.storage.turn import turn
from evenground.storage.whole import check_place, whole_file, whole_folder

__all__ = ["check_place", "private_folder", "turn", "whole_file", "whole_folder"]
