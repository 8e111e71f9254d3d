"""The customer's side of the room: its views stand in several files, on one blueprint."""

from flask import Blueprint

blueprint = Blueprint("contracts", __name__, url_prefix="/portal")
