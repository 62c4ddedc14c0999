"""Merging the services' OpenAPI documents into one."""

import copy
import json
from collections.abc import Mapping
from typing import Any

TITLE = "Shequ 社区"
DESCRIPTION = (
    "区域社区平台接口。先用 `POST /v1/auth/token` 登录。\n\n"
    "The district's platform for its urban communities. Log in with `POST /v1/auth/token` first."
)
_REF = "#/components/schemas/"
_OWN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})


def merged(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One document with every operation of all services under its public path.

    `documents` are the services' documents by name, the gateway's first: its health checks are
    the public ones. A schema that two services define differently under one name gets the
    service's name before it.
    """
    result: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": "1", "description": DESCRIPTION},
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {}},
    }
    schemas: dict[str, Any] = result["components"]["schemas"]
    for index, (service, original) in enumerate(documents.items()):
        document = copy.deepcopy(dict(original))
        components = document.get("components", {})
        own: dict[str, Any] = components.get("schemas", {})
        clashes = {
            name: f"{service.capitalize()}{name}"
            for name, schema in own.items()
            if name in schemas and schemas[name] != schema
        }
        if clashes:
            text = json.dumps(document)
            for name, renamed in clashes.items():
                text = text.replace(f'"{_REF}{name}"', f'"{_REF}{renamed}"')
            document = json.loads(text)
            own = document["components"]["schemas"]
        for name, schema in own.items():
            schemas[clashes.get(name, name)] = schema
        result["components"]["securitySchemes"].update(components.get("securitySchemes", {}))
        for path, item in document.get("paths", {}).items():
            if index == 0 or path not in _OWN_PATHS:
                result["paths"][path] = item
    return result
