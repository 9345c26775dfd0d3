"""The one door out: what must be hidden, the attack on it, and the gate."""

from evenground.disclosure.attack import Attack, attack
from evenground.disclosure.gate import NotReleased, gate
from evenground.disclosure.suppress import Protection, protect

__all__ = ["Attack", "NotReleased", "Protection", "attack", "gate", "protect"]
