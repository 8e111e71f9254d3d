"""The contractor's side of the room: its views stand in several files, on one blueprint."""

from flask import Blueprint

blueprint = Blueprint("contracts_crm", __name__, url_prefix="/crm")
