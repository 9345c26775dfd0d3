"""Proposals: a mapping for a file that nobody wrote one for, and a guide for a file of students."""

from evenground.sources.proposal.draft import Proposal
from evenground.sources.proposal.propose import propose
from evenground.sources.proposal.records import Guide

__all__ = ["Guide", "Proposal", "propose"]
