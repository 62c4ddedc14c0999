"""Requests and answers of campaigns, plans and visits."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StrictInt

from services.gateway.assessment.campaigns.domain import CampaignState, VisitState
from services.gateway.assessment.planning.problem import Constraint, Plan
from shared.jobs.models import JobState
from shared.web.problem import RuleView
from shared.web.shapes import CivilDay, Line, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
RequestIds = Annotated[list[UUID], Field(min_length=1, max_length=200, examples=[[_ID]])]


class CampaignDraft(Request):
    """A campaign of approved requests on one standard."""

    title: Line = Field(examples=["2026年下半年社区联合检查"])
    request_ids: RequestIds


class MoreRequests(Request):
    """Approved requests to be taken in too."""

    request_ids: RequestIds


class RequestRemoval(Request):
    """A request to be taken out, and why."""

    request_id: UUID = Field(examples=[_ID])
    reason: Line = Field(examples=["该部门已改为查阅台账"])


class PlanRequest(Request):
    """How to plan: the same seed gives the same plan of the same facts; `work` is the most that is
    spent, in deterministic seconds of the solver, 0 for the greedy plan at once."""

    seed: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)] = Field(1, examples=[1])
    work: Annotated[StrictInt, Field(ge=0, le=60)] = Field(8, examples=[8])


class AnnouncementRequest(Request):
    """Which plan is announced, by which document."""

    plan_id: UUID = Field(examples=[_ID])
    document: Line = Field(examples=["沙社建组〔2026〕15号"])


class PostponementRequest(Request):
    """Why a visit is put off, and the first day on which it could be."""

    reason: Line = Field(examples=["社区正在防汛"])
    until: CivilDay = Field(examples=["2026-12-21"])


class CampaignView(BaseModel):
    """A campaign. `visits` counts those announced or postponed that the reader may see."""

    id: UUID = Field(examples=[_ID])
    title: str = Field(examples=["2026年下半年社区联合检查"])
    standard_id: UUID = Field(examples=[_ID])
    standard_code: str = Field(examples=["unified"])
    starts_on: date = Field(examples=["2026-12-01"])
    ends_on: date = Field(
        description="The first day that no longer counts", examples=["2027-01-01"]
    )
    state: CampaignState = Field(examples=["announced"])
    announced_on: date | None = Field(examples=["2026-11-24"])
    document: str | None = Field(examples=["沙社建组〔2026〕15号"])
    demo: bool = Field(description="By a demonstration's standard", examples=[False])
    demo_today: date | None = Field(
        description="The day of a demonstration's own clock; null by the calendar", examples=[None]
    )
    requests: int = Field(examples=[12])
    visits: int = Field(examples=[83])
    version: int = Field(examples=[2])


class CampaignRequestView(BaseModel):
    """A request of a campaign."""

    request_id: UUID = Field(examples=[_ID])
    reference: str = Field(examples=["GA-2026-03"])
    title: str = Field(examples=["社区警务工作检查"])
    department_id: UUID = Field(examples=[_ID])
    state: str = Field(examples=["approved"])
    starts_on: date = Field(examples=["2026-12-01"])
    ends_on: date = Field(examples=["2027-01-01"])
    minutes_on_site: int = Field(examples=[60])
    inspectors_per_day: int = Field(examples=[4])


class ServedRequest(BaseModel):
    """A request that a visit serves."""

    request_id: UUID = Field(examples=[_ID])
    reference: str = Field(examples=["GA-2026-03"])
    title: str = Field(examples=["社区警务工作检查"])
    department_id: UUID = Field(examples=[_ID])


class VisitView(BaseModel):
    """A joint visit. Departments are shown their own requests; `organisers` counts all."""

    id: UUID = Field(examples=[_ID])
    campaign_id: UUID = Field(examples=[_ID])
    campaign_title: str = Field(examples=["2026年下半年社区联合检查"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    street_id: UUID = Field(examples=[_ID])
    street_name: str = Field(examples=["解放街道"])
    on_day: date = Field(examples=["2026-12-08"])
    minutes: int = Field(description="On site", examples=[180])
    state: VisitState = Field(examples=["announced"])
    organisers: int = Field(examples=[3])
    requests: Sequence[ServedRequest]
    version: int = Field(examples=[1])

    @classmethod
    def read(cls, row: Any, departments: Collection[UUID] | None) -> "VisitView":
        """A row as a reader of these departments may see it, None for one who sees all."""
        served = [ServedRequest.model_validate(one) for one in row.requests]
        shown = [one for one in served if departments is None or one.department_id in departments]
        values = {**row._mapping, "requests": shown, "organisers": len(served)}
        return cls.model_validate({name: values[name] for name in cls.model_fields})


class MeasureView(BaseModel):
    """An objective's value and its proven bound; `gap` is what may be missing to the best, as a
    share of the value."""

    value: int = Field(examples=[332])
    bound: int = Field(examples=[330])
    gap: float = Field(examples=[0.006])


class ObjectiveView(BaseModel):
    """What a plan costs, in the order in which it was minimised. `peak` are the minutes on site in
    the heaviest week of a community, `moves` those between streets."""

    unserved: MeasureView
    disturbed: MeasureView
    visits: MeasureView
    peak: MeasureView
    moves: MeasureView


class DisturbedView(BaseModel):
    """An announced visit that the plan changes: requests -> their new day, null where they are not
    served any more."""

    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    on_day: date = Field(examples=["2026-12-08"])
    moved: Mapping[str, date | None] = Field(examples=[{"GA-2026-03": "2026-12-10"}])


class PlanView(BaseModel):
    """A plan and how far it is. It is a proposal: nobody is told of it before its announcement."""

    id: UUID = Field(description="Also the id of its job", examples=[_ID])
    campaign_id: UUID = Field(examples=[_ID])
    state: JobState = Field(examples=["succeeded"])
    done: int = Field(description="Steps done", examples=[4])
    total: int | None = Field(examples=[4])
    error: Mapping[str, Any] | None = Field(examples=[None])
    seed: int = Field(examples=[1])
    work: int = Field(examples=[8])
    objective: ObjectiveView | None
    visits: int = Field(examples=[332])
    unserved: int = Field(examples=[2])
    forbidden_by: Mapping[str, int] = Field(
        description="How many pairs each constraint forbids", examples=[{"cap": 2}]
    )
    disturbed: Sequence[DisturbedView]
    rules: Sequence[RuleView]
    announced_at: datetime | None = Field(examples=[None])
    created_at: datetime = Field(examples=["2026-11-24T01:00:00Z"])

    @classmethod
    def read(
        cls,
        row: Any,
        plan: Plan | None,
        communities: Mapping[UUID, str],
        references: Mapping[UUID, str],
    ) -> "PlanView":
        """A plan's row with its job, and its plan once there is one."""
        rest: dict[str, Any] = {
            "objective": None, "visits": 0, "unserved": 0, "forbidden_by": {}, "disturbed": [],
        }  # fmt: skip
        if plan is not None:
            counted = Counter(str(why) for one in plan.unserved for why in one.constraints)
            rest = {
                "objective": {
                    name: MeasureView(
                        value=measure.value, bound=measure.bound, gap=round(measure.gap, 4)
                    )
                    for name in ObjectiveView.model_fields
                    for measure in (getattr(plan.objective, name),)
                },
                "visits": len(plan.visits),
                "unserved": len(plan.unserved),
                "forbidden_by": dict(counted),
                "disturbed": [
                    DisturbedView(
                        community_id=one.visit.community,
                        community_name=communities.get(one.visit.community, ""),
                        on_day=one.visit.day,
                        moved={references.get(id, str(id)): day for id, day in one.moved.items()},
                    )
                    for one in plan.disturbed
                ],
            }
        values = {**row._mapping, **rest}
        return cls.model_validate({name: values[name] for name in cls.model_fields})


class PlannedVisitView(BaseModel):
    """A visit as a plan proposes it."""

    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    on_day: date = Field(examples=["2026-12-08"])
    requests: Sequence[str] = Field(examples=[["GA-2026-03"]])


class UnservedView(BaseModel):
    """A request that a community cannot be visited for: on `day`, the nearest to a yes, exactly
    `constraints` stand against it. With `in_any_plan` they do so whatever else is planned."""

    request_id: UUID = Field(examples=[_ID])
    reference: str = Field(examples=["GA-2026-03"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    constraints: Sequence[Constraint] = Field(examples=[["cap"]])
    day: date | None = Field(examples=["2026-12-08"])
    in_any_plan: bool = Field(examples=[False])
