"""Which column of a file is which field of a contact: guessed from its name, in two languages."""

import re
from collections.abc import Sequence

from onboarding.contacts.folding import fold

# In the order in which a choice is offered; within a field the likeliest name first.
_NAMES: dict[str, str] = {
    "name": "name, full name, contact name, customer name, client name, display name, customer,"
    " client, contact, nombre completo, nombre y apellido, nombre del cliente, cliente, contacto",
    "first_name": "first name, first, given name, forename, fname, nombre, primer nombre, nombres",
    "last_name": "last name, last, surname, family name, lname, apellido, apellidos",
    "email": "email, e mail, email address, e mail address, email 1 value, primary email, mail,"
    " correo, correo electronico, direccion de correo, email 1",
    "mobile": "mobile, mobile phone, cell, cell phone, mobile number, cellphone, phone, phone"
    " number, telephone, primary phone, phone 1 value, phone 1, tel, home phone, work phone,"
    " celular, movil, telefono movil, telefono celular, telefono, numero de telefono",
    "address_line1": "address, address line 1, address 1, street, street address, address1,"
    " mailing address, billing address, street 1, direccion, calle, calle y numero, domicilio",
    "address_line2": "address line 2, address 2, address2, apartment, apt, unit, suite, street 2,"
    " apartment unit, departamento, apartamento, apartamento unidad, piso, direccion 2",
    "city": "city, town, ciudad, localidad, municipio",
    "state": "state, province, region, state province, estado, provincia",
    "postal_code": "zip, zip code, zipcode, postal code, postcode, postal, codigo postal, cp",
    "preferred_channel": "preferred contact method, preferred channel, prefers, contact method,"
    " prefiere, preferencia, medio de contacto, contacto preferido",
    "language": "language, preferred language, lang, idioma, lengua",
    "notes": "notes, note, comments, comment, remarks, description, notas, nota, comentarios,"
    " observaciones",
}
FIELDS = tuple(_NAMES)
_SYNONYMS = {field: names.split(", ") for field, names in _NAMES.items()}
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def guessed(header: Sequence[str]) -> list[str]:
    """The field of each column, empty for one that is left out. No field stands twice."""
    spelled = [_NOT_A_WORD.sub(" ", fold(name)).strip() for name in header]
    found = [""] * len(header)
    for field, names in _SYNONYMS.items():
        places = (
            place
            for name in names
            for place, column in enumerate(spelled)
            if column == name and not found[place]
        )
        place = next(places, None)
        if place is not None:
            found[place] = field
    return _settled(found)


def _settled(found: list[str]) -> list[str]:
    """*Nombre* alone is the whole name; beside a whole name the parts are left out."""
    if "name" in found:
        return ["" if field in ("first_name", "last_name") else field for field in found]
    elif "first_name" in found and "last_name" not in found:
        return ["name" if field == "first_name" else field for field in found]
    else:
        return found


def missing(columns: Sequence[str]) -> list[str]:
    """What no row can do without and no column gives: 'name', 'reach'."""
    lacks = [] if {"name", "first_name", "last_name"} & set(columns) else ["name"]
    return lacks if {"email", "mobile"} & set(columns) else [*lacks, "reach"]


def is_usable(columns: Sequence[str]) -> bool:
    """Only known fields, each at most once."""
    named = [field for field in columns if field]
    return set(named) <= set(FIELDS) and len(named) == len(set(named))
