"""One blueprint for the contractor's side; its views stand in several files, one for each group of
screens."""

from flask import Blueprint

blueprint = Blueprint("estimates_crm", __name__, url_prefix="/crm")
