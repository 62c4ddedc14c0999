"""The API's description: each operation with its policy, its problems and an example."""

from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from shared.web.authentication import Permission, Public
from shared.web.preconditions import _expected
from shared.web.problem import CONTENT_TYPE, TITLES, Problem

_PROBLEM_REF = "#/components/schemas/Problem"


def _dependencies(dependant: Dependant) -> list[Any]:
    calls = [dependant.call]
    for child in dependant.dependencies:
        calls += _dependencies(child)
    return calls


def policy_of(route: APIRoute) -> Permission | Public | None:
    """The permission that the route asks, found among its dependencies."""
    for call in _dependencies(route.dependant):
        if isinstance(call, (Permission, Public)):
            return call
    return None


def _statuses(route: APIRoute, operation: dict[str, Any]) -> set[int]:
    """The problems an operation may answer with; the gateway adds 502 and 504 in front of it."""
    method = next(iter(route.methods or {"GET"}))
    statuses = {422, 429, 500, 502, 503, 504}
    if isinstance(policy_of(route), Permission):
        statuses |= {401, 403, 404}
    if "{" in route.path:
        statuses.add(404)
    if method != "GET":
        statuses |= {400, 409, 413}
    if _expected in _dependencies(route.dependant):
        statuses |= {412, 428}
    if "requestBody" in operation:
        statuses.add(415)
    if any(parameter["name"] == "accept" for parameter in operation.get("parameters", ())):
        statuses.add(406)
    return statuses


def _add_problems(route: APIRoute, operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    for status in sorted(_statuses(route, operation)):
        found = responses.get(str(status))
        if found is not None and CONTENT_TYPE not in found.get("content", {}) and status != 422:
            continue
        title = TITLES[status]
        responses[str(status)] = {
            "description": f"{title.zh} / {title.en}",
            "content": {CONTENT_TYPE: {"schema": {"$ref": _PROBLEM_REF}}},
        }


def _example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    if schema.get("examples"):
        return schema["examples"][0]
    if "properties" in schema:
        example = {}
        for name, value in schema["properties"].items():
            found = _example_of(value, schemas)
            if found is not None:
                example[name] = found
        return example or None
    if schema.get("type") == "array":
        found = _example_of(schema.get("items", {}), schemas)
        return None if found is None else [found]
    return schema.get("default")


def _add_examples(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [answer.get("content", {}) for answer in operation["responses"].values()]
    for content in contents:
        for media in content.values():
            if "example" in media or "examples" in media or "schema" not in media:
                continue
            example = _example_of(media["schema"], schemas)
            if example is not None:
                media["example"] = example


def api_routes(app: FastAPI) -> list[APIRoute]:
    """Every described route of the application, however deep its router was included."""
    routes = (context.original_route for context in iter_route_contexts(app.routes))
    return [route for route in routes if isinstance(route, APIRoute) and route.include_in_schema]


SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token from `POST /v1/auth/token`.",
    }
}


def describe(app: FastAPI) -> None:
    """Make the application's OpenAPI 3.1 document complete, once, when first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        document = get_openapi(
            title=app.title, version=app.version, routes=app.routes, description=app.description
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}))
        schemas["Problem"] = problem
        document["components"]["securitySchemes"] = SECURITY
        for route in api_routes(app):
            for method in route.methods or ():
                operation = document["paths"][route.path_format].get(method.lower())
                if operation is None:
                    continue
                permission = policy_of(route)
                if permission is not None:
                    operation["x-policy"] = permission.policy.name
                public = isinstance(permission, Public)
                operation["security"] = [] if public else [{"bearer": []}]
                _add_problems(route, operation)
                _add_examples(operation, schemas)
        app.openapi_schema = document
        return document

    app.openapi = openapi  # type: ignore[method-assign]
