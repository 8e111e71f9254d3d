"""Members' way in; its views stand in two files."""

from flask import Blueprint

blueprint = Blueprint("contractors", __name__, url_prefix="/crm")
