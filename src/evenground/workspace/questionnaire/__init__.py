""" "Which of these is fairer?": the form on paper, the table for its answers, and the page of a room."""

from evenground.workspace.questionnaire.answers import read_answers
from evenground.workspace.questionnaire.form import write_form
from evenground.workspace.questionnaire.page import write_room

__all__ = ["read_answers", "write_form", "write_room"]
