"""The one door out: what must be hidden, the attack on it, and the gate."""

from evenground.disclosure.attacking.attack import Attack, attack
from evenground.disclosure.gate import NotReleased, gate
from evenground.disclosure.suppress import Protection, protect
from evenground.disclosure.telling.histogram import noised
from evenground.disclosure.telling.tell import Telling, tell

__all__ = ["Attack", "NotReleased", "Protection", "Telling", "attack", "gate", "noised", "protect", "tell"]
