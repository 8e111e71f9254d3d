"""One blueprint for the room; its views stand in several files, one for each group of screens."""

from flask import Blueprint

blueprint = Blueprint("contacts", __name__, url_prefix="/crm")
