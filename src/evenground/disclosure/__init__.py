"""The one door out: what must be hidden, the attack on it, and the gate."""

from evenground.disclosure.attack import Attack, attack
from evenground.disclosure.gate import NotReleased, gate
from evenground.disclosure.histogram import noised
from evenground.disclosure.suppress import Protection, protect
from evenground.disclosure.telling import Telling, tell

__all__ = ["Attack", "NotReleased", "Protection", "Telling", "attack", "gate", "noised", "protect", "tell"]
