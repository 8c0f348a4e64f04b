"""The OpenAPI 3.1 document, computed from the registered sheets, acts and forms."""

from functools import cache
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from madang.access import ACTS, SHEETS, Act
from madang.access.sheets import Sheet
from madang.doors.api import rows, shapes
from madang.doors.api.answers import WORDS

JSON = "application/json"
PK = {
    "name": "pk",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
}
LOST = {"404": {"$ref": "#/components/responses/NotFound"}}
QUERY_FAULT = {"400": {"$ref": "#/components/responses/BadRequest"}}


@cache
def document(language: str) -> dict[str, Any]:
    """The whole document in one language; the same for the life of the program."""
    with translation.override(language):
        return {
            "openapi": "3.1.0",
            "info": {
                "title": _("마당 API"),
                "version": version("madang"),
                "description": _(
                    "나가는 것은 표(sheet)이고 들어오는 것은 행위(act)의 양식입니다. 모든 거절에는 code, what(무엇이), next(다음에 할 일)이 있습니다."  # noqa: E501
                ),
            },
            "servers": [{"url": "/api/v1"}],
            "paths": {**_fixed(), **_sheets(), **_acts()},
            "components": {
                "schemas": _schemas(),
                "responses": _responses(),
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer"},
                    "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
                },
            },
        }


def about_a_matter() -> list[Sheet]:
    """Sheets that can be asked for one 의제, the sheet of 의제 itself left out."""
    return [sheet for sheet in SHEETS.values() if "matter" in sheet.filters and sheet.key != "matters"]


def described(sheet: Sheet) -> dict[str, Any]:
    """A sheet as the data dictionary tells it."""
    return {
        "key": sheet.key,
        "title": str(sheet.title),
        "filters": list(sheet.filters),
        "columns": [{"key": c.key, "title": str(c.title), "kind": c.kind, "says": str(c.says)} for c in sheet.columns],
    }


def told(act: Act) -> dict[str, Any]:
    """An act as a program needs it."""
    return {
        "name": act.name,
        "title": str(act.title),
        "on": act.on,
        "address": f"/api/v1/acts/{act.name}/{{pk}}",
        "outcomes": list(act.outcomes),
        "input": shapes.body(act),
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any], says: str) -> dict[str, Any]:
    return {"description": says, "content": {JSON: {"schema": schema}}}


def _list_of(name: str) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: {"type": "array", "items": {"type": "object"}}}}


def _get(says: str, answer: dict[str, Any], *, parameters: Any = None, **more: Any) -> dict[str, Any]:
    return {"get": {"summary": says, "parameters": parameters or [], "responses": {"200": answer, **more}}}


def _fixed() -> dict[str, Any]:
    number = {
        "name": "number",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 60},
    }
    lost = {**LOST, **QUERY_FAULT}
    matter: dict[str, Any] = {"matter": _ref("row.matters")}
    for sheet in [*about_a_matter(), SHEETS["entries"]]:
        matter[sheet.key] = {"type": "array", "items": _ref(f"row.{sheet.key}"), "maxItems": rows.MOST}
    whole: dict[str, Any] = {"type": "object", "required": list(matter), "properties": matter, "additionalProperties": False}
    return {
        "/openapi.json": _get(_("이 문서"), _json({"type": "object", "required": ["openapi"]}, _("이 문서"))),
        "/sheets/": _get(_("표의 목록과 자료 사전"), _json(_list_of("sheets"), _("표의 목록"))),
        "/acts/": _get(_("할 수 있는 일"), _json(_list_of("acts"), _("행위의 목록")), **QUERY_FAULT),
        "/matters/{number}": _get(
            _("의제 하나와 그에 관한 모든 것"), _json(whole, _("의제")), parameters=[number], **lost
        ),
        "/receipts/{pk}": _get(
            _("기록 한 줄의 포함 증명"),
            _json({"type": "object", "required": ["text", "path", "checkpoint"]}, _("증명")),
            parameters=[PK],
            **lost,
            **{"409": {"$ref": "#/components/responses/Refused"}},
        ),
    }


def _sheets() -> dict[str, Any]:
    found = {}
    for sheet in SHEETS.values():
        filters = [
            {
                "name": name,
                "in": "query",
                "schema": {"type": "string", "maxLength": rows.LONGEST, "pattern": f"^{rows.FILTER}$"},
            }
            for name in sheet.filters
        ]
        paging = [
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": rows.MOST, "default": rows.USUAL},
            },
            {"name": "order", "in": "query", "schema": {"enum": ["newest", "oldest"], "default": "newest"}},
            {
                "name": "after",
                "in": "query",
                "description": _("앞 쪽의 after"),
                "schema": {"type": "string", "minLength": 1, "maxLength": rows.LONGEST},
            },
        ]
        page = {
            "type": "object",
            "required": ["sheet", "rows", "after"],
            "additionalProperties": False,
            "properties": {
                "sheet": {"const": sheet.key},
                "after": {"type": "string", "description": _("빈칸이면 마지막 쪽")},
                "rows": {"type": "array", "items": _ref(f"row.{sheet.key}"), "maxItems": rows.MOST},
            },
        }
        title = str(sheet.title)
        found[f"/sheets/{sheet.key}"] = _get(
            title, _json(page, title), parameters=filters + paging, **QUERY_FAULT, **LOST
        )
        found[f"/sheets/{sheet.key}.csv"] = _get(
            f"{title} (CSV)",
            {"description": title, "content": {"text/csv": {"schema": {"type": "string"}}}},
            parameters=filters,
            **QUERY_FAULT,
        )
    return found


def _acts() -> dict[str, Any]:
    failures: dict[str, Any] = {
        status: {"$ref": f"#/components/responses/{name}"}
        for status, name in {
            "400": "BadRequest",
            "401": "NoPerson",
            "403": "Refused",
            "404": "NotFound",
            "409": "Refused",
            "413": "BadRequest",
            "415": "BadRequest",
            "422": "BadInput",
            "429": "BadRequest",
        }.items()
    }
    found: dict[str, Any] = {}
    for act in ACTS.values():
        if not act.public:
            continue
        shape = shapes.body(act)
        found[f"/acts/{act.name}/{{pk}}"] = {
            "parameters": [PK],
            "post": {
                "summary": str(act.title),
                "tags": [act.name.split(".")[0]],
                "x-on": act.on,
                "security": [{"token": []}, {"session": []}],
                "parameters": [
                    {
                        "name": "post",
                        "in": "query",
                        "description": _("어느 자리로 하는지(기구/직위)"),
                        "schema": {"type": "string", "maxLength": 120},
                    },
                    {
                        "name": "Idempotency-Key",
                        "in": "header",
                        "description": _("같은 열쇠로 다시 보내면 한 번만 합니다"),
                        "schema": {"type": "string", "maxLength": 40, "pattern": "^[A-Za-z0-9_-]*$"},
                    },
                ],
                "requestBody": {"required": bool(shape["required"]), "content": {JSON: {"schema": shape}}},
                "responses": {"200": _json(_ref("Done"), _("기록되었습니다.")), **failures},
            },
        }
    return found


def _schemas() -> dict[str, Any]:
    text = {"type": "string"}
    refusal = {"code": text, "what": text, "next": text}
    fields = {"type": "object", "additionalProperties": {"type": "array", "items": text}}
    return {
        **{f"row.{sheet.key}": shapes.row(sheet) for sheet in SHEETS.values()},
        "Done": {
            "type": "object",
            "required": ["result", "entries", "again"],
            "additionalProperties": False,
            "properties": {
                "result": {"type": ["string", "null"], "description": _("생긴 것, 예: proposals.support:12")},
                "entries": {
                    "type": "array",
                    "items": {"type": "integer"},
                    "description": _("기록의 번호. /receipts/에서 증명을 받습니다"),
                },
                "again": {"type": "boolean", "description": _("같은 Idempotency-Key로 이미 한 일이면 참")},
                "secret": {"type": "string", "description": _("열쇠를 만들었을 때 한 번만")},
            },
        },
        "Refusal": {"type": "object", "required": list(refusal), "properties": refusal, "additionalProperties": False},
        "BadInput": {
            "type": "object",
            "required": [*refusal, "fields"],
            "properties": {**refusal, "fields": fields},
            "additionalProperties": False,
        },
    }


def _responses() -> dict[str, Any]:
    return {
        "BadRequest": _json(_ref("Refusal"), _("요청을 읽을 수 없습니다.")),
        "NoPerson": _json(_ref("Refusal"), str(WORDS["bad-token"][1])),
        "Refused": _json(_ref("Refusal"), _("거절: code에 까닭, next에 다음에 할 일이 있습니다.")),
        "NotFound": _json(_ref("Refusal"), str(WORDS["not-found"][1])),
        "BadInput": _json(_ref("BadInput"), str(WORDS["bad-input"][1])),
    }
