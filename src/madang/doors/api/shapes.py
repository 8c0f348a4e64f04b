"""JSON shapes of what forms take and sheets give, and the check that a body has the shape it promises.

1. A shape is computed from the form's fields or the sheet's columns; nobody writes one by hand.
2. The check is as strict as the shape: text is text, numbers are numbers. The form then judges the meaning.
"""

import base64
import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from madang.access import Act
from madang.access.forms import Nothing
from madang.access.sheets import Sheet

KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "code": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"]},
    "krw": {"type": ["integer", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "time": {"type": ["string", "null"], "format": "date-time"},
    "boolean": {"type": ["boolean", "null"]},
}
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list}
MOST_CHOICES = 200
LONGEST = 5_000  # of a text whose field names no bound
MOST_ITEMS = 1_000
SLUG = "^[-a-zA-Z0-9_]+$"


def row(sheet: Sheet) -> dict[str, Any]:
    """The shape of one row of a sheet."""
    cells = {
        column.key: {**KINDS[column.kind], "title": str(column.title), "description": str(column.says)}
        for column in sheet.columns
    }
    return {"type": "object", "properties": cells, "required": list(cells), "additionalProperties": False}


def body(act: Act) -> dict[str, Any]:
    """The shape of the body an act takes. A form that grows with its input takes more than is listed."""
    fields = form_class(act).base_fields
    shape: dict[str, Any] = {
        "type": "object",
        "properties": {name: of_field(field) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
    }
    if not grows(act):
        shape["additionalProperties"] = False
    return shape


def form_class(act: Act) -> Any:
    return act.form or Nothing


def grows(act: Act) -> bool:
    """Whether the form adds fields when it sees its input or what it is on."""
    return "__init__" in vars(form_class(act)) or any("__init__" in vars(base) for base in _own(form_class(act)))


def _own(form: Any) -> list[Any]:
    return [base for base in form.__mro__ if base.__module__.startswith("madang.") and base.__name__ != "Form"]


def of_field(field: forms.Field) -> dict[str, Any]:
    """The shape of one field of a form."""
    shape = _kind(field)
    if field.label:
        shape["title"] = str(field.label)
    if field.help_text:
        shape["description"] = str(field.help_text)
    return shape


def _kind(field: forms.Field) -> dict[str, Any]:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return {"type": "array", "items": _key(field), "maxItems": MOST_ITEMS}
    if isinstance(field, forms.ModelChoiceField):
        return _key(field)
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": _choice(field), "maxItems": MOST_ITEMS}
    if isinstance(field, forms.ChoiceField):
        return _choice(field)
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean", "const": True} if field.required else {"type": "boolean"}
    if isinstance(field, forms.FileField):
        return {
            "type": "object",
            "required": ["name", "content"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 120, "pattern": r"^[^/\\.\x00][^/\\\x00]*$"},
                "content": {
                    "type": "string",
                    "contentEncoding": "base64",
                    "maxLength": 1_000_000,
                    "pattern": "^[A-Za-z0-9+/]*={0,2}$",
                },
            },
        }
    if isinstance(field, forms.DateTimeField):
        return {"type": "string", "format": "date-time", "maxLength": 40}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date", "maxLength": 10}
    if isinstance(field, forms.DecimalField | forms.FloatField):
        return {"type": "number", **_bounds(field)}
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", **_bounds(field)}
    return _text(field)


def _key(field: Any) -> dict[str, Any]:
    if field.to_field_name:
        return {"type": "string", "minLength": 1, "maxLength": 120}
    return {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


def _choice(field: Any) -> dict[str, Any]:
    values = [value for value, _title in _flat(field.choices)]
    if field.required:
        values = [value for value in values if value != ""]
    if not values or len(values) > MOST_CHOICES:
        return {"type": "string", "minLength": 1 if field.required else 0, "maxLength": 120}
    return {"enum": [value if isinstance(value, int) else str(value) for value in values]}


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for value, title in choices:
        found += _flat(title) if isinstance(title, list | tuple) else [(value, title)]
    return found


def _bounds(field: Any) -> dict[str, Any]:
    least = -(2**63) if field.min_value is None else field.min_value
    most = 2**63 - 1 if field.max_value is None else field.max_value
    return {"minimum": least, "maximum": most}


def _text(field: Any) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "string", "maxLength": getattr(field, "max_length", None) or LONGEST}
    least = getattr(field, "min_length", None) or (1 if field.required else 0)
    if least:
        shape["minLength"] = least
    if isinstance(field, forms.EmailField):
        shape["format"] = "email"
    elif isinstance(field, forms.URLField):
        shape["format"] = "uri"
    elif isinstance(field, forms.SlugField):
        shape["pattern"] = SLUG if field.required else "^[-a-zA-Z0-9_]*$"
    return shape


# ── the check ────────────────────────────────────────────────────────────────


def faults(shape: dict[str, Any], given: dict[str, Any]) -> dict[str, list[str]]:
    """What in `given` is not of this shape, by field."""
    found: dict[str, list[str]] = {}
    for name in shape["required"]:
        if name not in given:
            found[name] = [_("꼭 있어야 하는 칸입니다.")]
    for name, value in given.items():
        known = shape["properties"].get(name)
        if known is None and shape.get("additionalProperties") is False:
            found[name[:60]] = [_("모르는 칸입니다.")]
        elif said := _fault(known or {"type": ["string", "array", "integer", "boolean"]}, value):
            found[name[:60]] = [said]
    return found


def _fault(shape: dict[str, Any], value: Any) -> str:
    if "enum" in shape:
        return "" if _among(value, shape["enum"]) else _("고를 수 있는 값이 아닙니다.")
    kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    if not any(_is(kind, value) for kind in kinds):
        return _("이 칸에는 %(kind)s을(를) 적습니다.") % {"kind": ", ".join(kinds)}
    if "const" in shape and value is not True:
        return _("참이어야 합니다.")
    if isinstance(value, str):
        return _text_fault(shape, value)
    if isinstance(value, list):
        return _list_fault(shape, value)
    if isinstance(value, dict):
        return next((said[0] for said in faults(shape, value).values()), "")
    if isinstance(value, int | float) and not isinstance(value, bool) and "minimum" in shape:
        return "" if shape["minimum"] <= value <= shape["maximum"] else _("범위를 벗어난 수입니다.")
    return ""


def _text_fault(shape: dict[str, Any], value: str) -> str:
    if not shape.get("minLength", 0) <= len(value) <= shape.get("maxLength", LONGEST):
        return _("글자 수가 맞지 않습니다.")
    if "pattern" in shape and not re.fullmatch(shape["pattern"].strip("^$"), value):
        return _("쓸 수 없는 글자가 있습니다.")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        return _("글자가 아닌 것이 들어 있습니다.")
    return ""


def _list_fault(shape: dict[str, Any], value: list[Any]) -> str:
    if len(value) > shape.get("maxItems", MOST_ITEMS):
        return _("너무 많습니다.")
    return next((said for one in value if (said := _fault(shape.get("items", {"type": "string"}), one))), "")


def _is(kind: str, value: Any) -> bool:
    if kind == "object":
        return isinstance(value, dict)
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, float):
        return (kind == "integer" and value.is_integer()) or (
            kind == "number" and value == value and abs(value) < 1e308
        )
    return isinstance(value, TYPES[kind])  # type: ignore[arg-type]


def _among(value: Any, values: list[Any]) -> bool:
    return any(type(value) is type(one) and value == one for one in values)


# ── from a body to a form ────────────────────────────────────────────────────


def as_form_input(act: Act, given: dict[str, Any]) -> tuple[MultiValueDict, MultiValueDict]:
    """What a browser would have sent for this body: values, and files."""
    fields = form_class(act).base_fields
    values: MultiValueDict = MultiValueDict()
    files: MultiValueDict = MultiValueDict()
    for name, value in given.items():
        if isinstance(fields.get(name), forms.FileField):
            files[name] = _file(value)
        elif isinstance(value, list):
            values.setlist(name, [_sent(one) for one in value])
        elif not (value is False and isinstance(fields.get(name), forms.BooleanField)):
            values[name] = _sent(value)
    return values, files


def _sent(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _file(value: dict[str, str]) -> SimpleUploadedFile | None:
    try:
        return SimpleUploadedFile(value["name"], base64.b64decode(value["content"], validate=True))
    except ValueError:  # not base64
        return None
