"""Webhooks and their delivery logs."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.gateway.identity.public import department_for
from services.gateway.webhooks import access, commands, repository
from services.gateway.webhooks.addresses import NotAllowed, endpoint_of, refused
from services.gateway.webhooks.domain import (
    EVENT_TYPES,
    DeliveryState,
    WebhookState,
)
from services.gateway.webhooks.models import Webhook, WebhookDelivery
from services.gateway.webhooks.schemas import (
    DeliveryDetail,
    DeliveryView,
    EventTypeView,
    WebhookChange,
    WebhookRequest,
    WebhookSecretView,
    WebhookView,
)
from services.gateway.webhooks.secrets import written
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act, Acting
from shared.web.authentication import Reading, open_to_all, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=UnitOfWorkRoute)
Read = Annotated[Reach, permits(access.READ)]
Manage = Annotated[Reach, permits(access.MANAGE)]


def _webhook(row: Any) -> WebhookView:
    return WebhookView.model_validate(row, from_attributes=True)


def _delivery(row: Any) -> DeliveryView:
    waits = row.state == DeliveryState.PENDING and not row.under_way
    own = {name: getattr(row, name) for name in DeliveryView.model_fields}
    return DeliveryView(**{**own, "due_at": row.due_at if waits else None})


async def _require_callable(request: Request, url: str | None) -> None:
    if url is None:
        return
    try:
        await endpoint_of(url, request.app.state.webhook_allowed)
    except NotAllowed as error:
        raise refused(error) from None


def _require_types(types: Sequence[str] | None) -> None:
    unknown = [
        Issue(
            code="event_type_unknown",
            pointer=f"/event_types/{at}",
            detail=Text(f"没有事件类型“{one[:80]}”。", f"There is no type of event “{one[:80]}”."),
            remedy=Text(
                "可选类型见 GET /v1/webhooks/event-types。",
                "GET /v1/webhooks/event-types lists those there are.",
            ),
        )
        for at, one in enumerate(types or ())
        if one not in EVENT_TYPES
    ]
    if unknown:
        raise Invalid(issues=unknown)


@router.get(
    "/event-types",
    operation_id="webhooks_event_types",
    dependencies=[open_to_all(access.READ_TYPES)],
)
async def event_types(request: Request) -> list[EventTypeView]:
    """What can be subscribed to, with an example of each. 事件类型。"""
    language = language_of(request)
    return [
        EventTypeView(type=name, title=one.title.in_language(language), example=dict(one.example))
        for name, one in EVENT_TYPES.items()
    ]


@router.get("", operation_id="webhooks_webhooks")
async def webhooks(
    session: Reading, page: Paging, reach: Read, state: WebhookState | None = None
) -> Page[WebhookView]:
    """The webhooks of one's own department, newest first. Webhook 列表。"""
    query = repository.webhooks(reach)
    if state is not None:
        query = query.where(Webhook.state == state)
    rows = (await session.execute(page.apply(query, Webhook.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _webhook)


@router.post("", operation_id="webhooks_create", status_code=201)
async def create(
    body: WebhookRequest, act: Acting, request: Request, reach: Manage
) -> WebhookSecretView:
    """Subscribe; the secret that signs is shown this once. 新建 Webhook。"""
    department = await department_for(act.session, reach, body.department_id)
    _require_types(body.event_types)
    await _require_callable(request, body.url)
    made, secret = await commands.create(
        act.session, act.actor, request.app.state.seal,
        department_id=department.id,
        url=body.url, event_types=body.event_types, description=body.description,
    )  # fmt: skip
    return WebhookSecretView(**dict(_webhook(made)), secret=written(secret))


@router.get("/{id}", operation_id="webhooks_webhook")
async def webhook(id: UUID, session: Reading, response: Response, reach: Read) -> WebhookView:
    """One webhook. Webhook 详情。"""
    row = await the_row(session, repository.webhooks(reach).where(Webhook.id == id))
    response.headers["ETag"] = etag(row.version)
    return _webhook(row)


@router.patch("/{id}", operation_id="webhooks_change")
async def change(
    id: UUID,
    body: WebhookChange,
    act: Acting,
    expected: ExpectedVersion,
    request: Request,
    response: Response,
    reach: Manage,
) -> WebhookView:
    """Change address, types or description. 修改 Webhook。"""
    found = await commands.locked_webhook(act.session, reach, id)
    require_version(found.version, expected)
    _require_types(body.event_types)
    await _require_callable(request, body.url)
    await commands.change(act.session, act.actor, found, **dict(body))
    response.headers["ETag"] = etag(found.version)
    return _webhook(found)


@router.post("/{id}/secrets", operation_id="webhooks_rotate_secret", status_code=201)
async def rotate_secret(
    id: UUID, act: Acting, request: Request, reach: Manage
) -> WebhookSecretView:
    """A new secret; for a day everything is signed with the former one too. 更换签名密钥。"""
    found = await commands.locked_webhook(act.session, reach, id)
    secret = await commands.rotate_secret(act.session, act.actor, request.app.state.seal, found)
    return WebhookSecretView(**dict(_webhook(found)), secret=written(secret))


async def _step(act: Act, reach: Reach, id: UUID, action: str) -> WebhookView:
    found = await commands.locked_webhook(act.session, reach, id)
    await commands.step(act.session, act.actor, found, action, by=act.roles, rulebook=act.rulebook)
    return _webhook(found)


@router.post("/{id}/suspension", operation_id="webhooks_suspend")
async def suspend(id: UUID, act: Acting, reach: Manage) -> WebhookView:
    """Send nothing for now; what happens meanwhile waits. 暂停推送。"""
    return await _step(act, reach, id, "suspension")


@router.post("/{id}/resumption", operation_id="webhooks_resume")
async def resume(id: UUID, act: Acting, reach: Manage) -> WebhookView:
    """Send again, beginning with what has waited. 恢复推送。"""
    return await _step(act, reach, id, "resumption")


@router.post("/{id}/ending", operation_id="webhooks_end")
async def end(id: UUID, act: Acting, reach: Manage) -> WebhookView:
    """End a webhook for good; its log stays. 终止 Webhook。"""
    return await _step(act, reach, id, "ending")


@router.post("/{id}/test", operation_id="webhooks_test", status_code=202)
async def test(id: UUID, act: Acting, reach: Manage) -> WebhookView:
    """Send a test event; its delivery stands in the log. 发送测试事件。"""
    found = await commands.locked_webhook(act.session, reach, id)
    await commands.send_test(act.session, act.actor, found)
    return _webhook(found)


@router.get("/{id}/deliveries", operation_id="webhooks_deliveries")
async def deliveries(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: Read,
    state: DeliveryState | None = None,
    type: str | None = None,
) -> Page[DeliveryView]:
    """A webhook's deliveries, newest first; `state=dead` lists the dead letters. 推送记录。"""
    await repository.require_webhook(session, reach, id)
    query = repository.deliveries(reach, id)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    if type is not None:
        query = query.where(WebhookDelivery.type == type.replace("\0", ""))
    rows = (await session.execute(page.apply(query, WebhookDelivery.id, descending=True))).all()
    return page.page(rows, lambda row: (row.id,), _delivery)


@router.get("/{id}/deliveries/{delivery_id}", operation_id="webhooks_delivery")
async def delivery(id: UUID, delivery_id: UUID, session: Reading, reach: Read) -> DeliveryDetail:
    """One delivery with its data and every attempt. 推送详情。"""
    query = repository.deliveries(reach, id).where(WebhookDelivery.id == delivery_id)
    row = await the_row(session, query)
    log = await repository.log_of(session, delivery_id)
    return DeliveryDetail(**dict(_delivery(row)), data=row.data, log=log)


@router.post(
    "/{id}/deliveries/{delivery_id}/replay", operation_id="webhooks_replay", status_code=202
)
async def replay(id: UUID, delivery_id: UUID, act: Acting, reach: Manage) -> WebhookView:
    """Send a delivered or dead event again under the same `webhook-id`. 重放。"""
    found = await commands.locked_webhook(act.session, reach, id)
    await commands.replay(act.session, act.actor, found, delivery_id)
    return _webhook(found)
