"""Matters walked at random through hall and workstation, against a table written down a second
time; events are delivered, delivered twice, or lost half-way by a crash."""

import asyncio
from collections.abc import Collection, Coroutine
from datetime import date, timedelta
from typing import Any, TypeVar

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from services.committee import work as committee_work
from services.committee.app import create_app as committee_app
from services.committee.hall.domain import ENDED, MATTER, MatterState
from services.committee.hall.watch import watch_matters
from services.committee.settings import Settings as CommitteeSettings
from services.workstation import work as workstation_work
from services.workstation.app import create_app as workstation_app
from services.workstation.settings import Settings as WorkstationSettings
from shared.db.database import Database
from shared.db.districts import register_district
from shared.events.delivery import Handler, Receiver, deliver_due
from shared.kernel.clock import FixedClock, start_of
from shared.kernel.ids import new_id
from tests.conftest import KEYS
from tests.services.committee.conftest import community_event
from tests.support.databases import Databases
from tests.support.identity import ISSUER, SigningIdentity

T = TypeVar("T")
MONDAY = date(2026, 3, 2)
HALL = "/v1/committee/hall"
TABLE = {
    "raised": {
        "acceptance": "accepted",
        "declining": "result",
        "withdrawal": "withdrawn",
    },
    "accepted": {
        "withdrawal": "withdrawn",
        "agenda": "on_agenda",
        "committee": "in_progress",
        "mediation": "handed_over",
        "workstation": "handed_over",
        "result": "result",
    },
    "on_agenda": {"deferral": "accepted", "resolution": "resolved"},
    "resolved": {
        "committee": "in_progress",
        "mediation": "handed_over",
        "workstation": "handed_over",
        "result": "result",
    },
    "handed_over": {"signing": "in_progress", "refusal": "accepted", "recall": "accepted"},
    "in_progress": {"result": "result", "refusal": "accepted", "recall": "accepted"},
    "result": {"rating": "closed", "reopening": "accepted"},
    "closed": {"reopening": "accepted"},
    "withdrawn": {},
}
ACTIONS = sorted({action for row in TABLE.values() for action in row})
CLERKS = {"handed_over": {"acceptance": "in_progress", "return": "accepted"}}
CLERKS["in_progress"] = {"result": "result", "return": "accepted"}


def test_every_state_of_a_matter_has_an_exit_and_an_entrance() -> None:
    ends = {MatterState.WITHDRAWN}
    for state in MatterState:
        assert bool(MATTER.possible(state)) is (state not in ends), state
    entered = {step.next for step in MATTER.steps}
    assert entered | {MatterState.RAISED} == set(MatterState)


def test_a_matter_is_closed_by_a_word_or_by_the_limit_only() -> None:
    closing = {(step.state, step.action) for step in MATTER.steps if step.next == "closed"}
    assert closing == {("result", "rating"), ("result", "lapse")}
    assert all(step.state != "result" or step.action in {"rating", "lapse", "reopening"} for step in MATTER.steps)  # fmt: skip


class World:
    """Both services of one district in this process, on a loop of their own."""

    def __init__(self, databases: Databases, identity: SigningIdentity, files: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.walked: set[tuple[str, str]] = set()
        self.clock = FixedClock.on(MONDAY)
        self.identity = identity
        self.hall_database = databases.database("committee")
        self.work_database = databases.database("workstation")
        self.hall_app = committee_app(
            CommitteeSettings(
                database_url=databases.url("committee"), issuer=ISSUER, files_url=files, **KEYS
            ),
            identity=identity,
        )
        self.work_app = workstation_app(
            WorkstationSettings(
                database_url=databases.url("workstation"), issuer=ISSUER, files_url=files, **KEYS
            ),
            identity=identity,
        )
        self.hall_app.state.clock = self.work_app.state.clock = self.clock
        self.clients = {
            name: httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
            for name, app in (("committee", self.hall_app), ("workstation", self.work_app))
        }

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Do it now."""
        return self.loop.run_until_complete(coroutine)

    def close(self) -> None:
        """Give everything back."""
        for database in (
            self.hall_database,
            self.work_database,
            self.hall_app.state.database,
            self.work_app.state.database,
        ):
            self.run(database.close())
        for client in self.clients.values():
            self.run(client.aclose())
        self.loop.close()


def _crashing(receiver: Receiver) -> Receiver:
    """A receiver that dies when its work is done and not yet committed."""

    def dying(handler: Handler) -> Handler:
        async def handle(session: Any, district: str, event: Any) -> None:
            await handler(session, district, event)
            raise ConnectionError("killed")

        return handle

    handlers = {name: dying(handler) for name, handler in receiver.handlers.items()}
    return Receiver(receiver.name, receiver.database, handlers)


def _steps_to_new(
    state: str, action: str, walked: Collection[tuple[str, str]], depth: int = 4
) -> int:
    """How many steps lie before one that was not taken yet; `depth` where it is farther."""
    if (state, action) not in walked or depth == 0:
        return 0
    following = TABLE[state][action]
    ways = (_steps_to_new(following, one, walked, depth - 1) for one in TABLE[following])
    return 1 + min(ways, default=depth)


def machine(world: World, number: int) -> type[RuleBasedStateMachine]:
    """The machine in a district of its own for each run."""
    districts = iter(range(number, number + 10_000))

    class Hall(RuleBasedStateMachine):
        matters = Bundle("matters")

        def __init__(self) -> None:
            super().__init__()
            self.district = str(next(districts))
            self.states: dict[str, str] = {}
            self.reopened: set[str] = set()
            self.with_workstation: set[str] = set()

        # What the services are asked.

        def ask(self, login: str, path: str, body: Any = None) -> httpx.Response:
            service = "workstation" if path.startswith("/v1/workstation") else "committee"
            return world.run(
                world.clients[service].post(path, json=body, headers=self.people[login])
            )

        def seen(self, path: str) -> Any:
            where = f"{HALL}/{path}?district={self.district}"
            return world.run(world.clients["committee"].get(where)).json()

        def task_of(self, matter: str) -> str:
            found: str = self.seen(f"matters/{matter}/handovers")[-1]["id"]
            return found

        @initialize()
        def begin(self) -> None:
            """A community, its people, and a live sitting."""
            world.clock.move_to(start_of(MONDAY) + timedelta(hours=12))
            self.community, street = new_id(), new_id()
            world.run(self._settle(street))
            self.people = {
                role: world.identity.bearer(self.district, role, community=self.community)
                for role in ("resident", "committee_member", "workstation_staff")
            }
            plan = {
                "community_id": str(self.community),
                "topic": "议事",
                "held_on": str(MONDAY),
                "extraordinary": "随时议事",
            }
            self.sitting = self.ask("committee_member", f"{HALL}/sittings", plan).json()["id"]
            opened = self.ask("committee_member", f"{HALL}/sittings/{self.sitting}/opening")
            assert opened.status_code == 200

        async def _settle(self, street: Any) -> None:
            event = community_event(self.community, "C", street)
            handlers = committee_work.receiver_of(world.hall_database).handlers
            async with world.hall_database.transaction(self.district) as session:
                await handlers["cn.shequ.registry.community.recorded"](
                    session, self.district, event
                )
            async with world.work_database.transaction(self.district) as session:
                values = {"d": self.district, "s": street, "c": self.community}
                await session.execute(
                    text(
                        "INSERT INTO street (district, id, code, name, kind, version) "
                        "VALUES (:d, :s, 'S', '街', 'street', 1)"
                    ),
                    values,
                )
                await session.execute(
                    text(
                        "INSERT INTO community (district, id, code, name, kind, state, "
                        "street_id, established_on, household_count, version) VALUES "
                        "(:d, :c, 'C', '社', 'urban', 'active', :s, '2001-01-01', 1, 1)"
                    ),
                    values,
                )
            await register_district(
                world.hall_database, self.district, name="区", prefecture="市", province="省"
            )

        # Events.

        async def _deliver(self, *, crash: bool = False) -> None:
            hall, work = world.hall_database, world.work_database
            ways: list[tuple[str, Database, Receiver]] = [
                ("committee", hall, workstation_work.receiver_of(work)),
                ("workstation", work, committee_work.receiver_of(hall)),
            ]
            for name, sender, receiver in ways:
                target = _crashing(receiver) if crash else receiver
                await deliver_due(name, sender, target, self.district)

        async def _again(self, statement: str) -> None:
            for database in (world.hall_database, world.work_database):
                async with database.transaction(self.district) as session:
                    await session.execute(text(f"UPDATE outbox_delivery SET {statement}"))

        def carry(self, how: str) -> None:
            """Events reach the other service: at once, after a crash, or twice."""
            if how == "crash":
                world.run(self._deliver(crash=True))
                world.run(self._again("due_at = now()"))
            world.run(self._deliver())
            if how == "twice":
                world.run(self._again("delivered_at = NULL, due_at = now()"))
                world.run(self._deliver())

        # What people do.

        @rule(target=matters)
        def raise_matter(self) -> str:
            """One more, which waits."""
            return self.raise_one()

        def raise_one(self) -> str:
            world.clock.advance(timedelta(days=1))
            body = {
                "community_id": str(self.community),
                "title": f"第{len(self.states)}件",
                "content": "".join(chr(0x4E00 + 97 * len(self.states) + i * 7) for i in range(20)),
            }
            made = self.ask("resident", f"{HALL}/matters", body)
            assert made.status_code == 201, made.text
            id: str = made.json()["id"]
            self.states[id] = "raised"
            return id

        def following(self, matter: str, action: str) -> str | None:
            """The state that the table says follows, None where the action is not possible."""
            state = self.states[matter]
            held = state in {"handed_over", "in_progress"} and matter in self.with_workstation
            if held and action in {"signing", "refusal", "result"}:
                return None
            if action == "reopening" and matter in self.reopened:
                return None
            return TABLE[state].get(action)

        @rule(matter=matters, action=st.sampled_from(ACTIONS), how=HOW)
        def act(self, matter: str, action: str, how: str) -> None:
            """Any action in any state: it succeeds exactly where the table says so."""
            self.take(matter, action, how)

        @rule(target=matters, choices=st.lists(st.integers(0, 9), min_size=7, max_size=9), how=HOW)
        def live(self, choices: list[int], how: str) -> str:
            """A new matter takes several steps, each of which is possible, on the shortest way to
            one that was not taken yet."""
            matter = self.raise_one()
            for choice in choices:
                possible = [one for one in ACTIONS if self.following(matter, one)]
                state = self.states[matter]
                far = {one: _steps_to_new(state, one, world.walked) for one in possible}
                nearest = [one for one in possible if far[one] == min(far.values())]
                if nearest:
                    self.take(matter, nearest[choice % len(nearest)], how)
            return matter

        def take(self, matter: str, action: str, how: str) -> None:
            """Do it, see that it went as the table says, and let the events arrive."""
            state, following = self.states[matter], self.following(matter, action)
            answer = self._do(matter, action)
            late = action == "reopening" and state == "closed" and following is not None
            if late and answer.json().get("code") == "reopening_too_late":
                return
            assert (answer.status_code < 300) is (following is not None), (
                state, action, answer.status_code, answer.text,
            )  # fmt: skip
            if following is None:
                assert answer.status_code in {404, 409}, answer.text
                return
            world.walked.add((state, action))
            self.states[matter] = following
            if action == "reopening":
                self.reopened.add(matter)
            self.with_workstation.discard(matter)
            if action == "workstation":
                self.with_workstation.add(matter)
            self.carry(how)

        def _do(self, matter: str, action: str) -> httpx.Response:
            path = f"{HALL}/matters/{matter}"
            sitting = f"{HALL}/sittings/{self.sitting}"
            member = "committee_member"
            if action in {"committee", "mediation", "workstation"}:
                return self.ask(member, f"{path}/handover", {"handler": action, "request": "办理"})
            ways: dict[str, tuple[str, str, Any]] = {
                "acceptance": (member, f"{path}/acceptance", {}),
                "declining": (member, f"{path}/declining", {"reason": "不归社区"}),
                "withdrawal": ("resident", f"{path}/withdrawal", None),
                "agenda": (member, f"{sitting}/agenda", {"matter_id": matter}),
                "deferral": (
                    member,
                    f"{sitting}/deferrals",
                    {"matter_id": matter, "reason": "再议"},
                ),
                "resolution": (
                    member,
                    f"{path}/resolution",
                    {"sitting_id": self.sitting, "text": "同意办理", "floor": {"agree": 3}},
                ),
                "signing": (member, f"{path}/handover/signing", None),
                "refusal": (member, f"{path}/handover/refusal", {"reason": "办不了"}),
                "recall": (member, f"{path}/handover/recall", {"reason": "收回"}),
                "result": (member, f"{path}/result", {"result": "办好了"}),
                "rating": ("resident", f"{path}/rating", {"score": 4}),
                "reopening": ("resident", f"{path}/reopening", {"reason": "没办好"}),
            }
            return self.ask(*ways[action])

        @rule(matter=matters, action=st.sampled_from(["acceptance", "return", "result"]), how=HOW)
        def clerk(self, matter: str, action: str, how: str) -> None:
            """The clerk does something with what is in the workstation's hands."""
            if matter not in self.with_workstation:
                return
            state = self.states[matter]
            following = CLERKS.get(state, {}).get(action)
            body = {"return": {"reason": "办不了"}, "result": {"result": "办好了"}}.get(action)
            path = f"/v1/workstation/hall-tasks/{self.task_of(matter)}/{action}"
            answer = self.ask("workstation_staff", path, body)
            assert (answer.status_code == 200) is (following is not None), answer.text
            if following is not None:
                self.states[matter] = following
                if following in {"accepted", "result"}:
                    self.with_workstation.discard(matter)
                self.carry(how)

        @rule(matter=matters, how=HOW)
        def recalled_while_the_clerk_reports(self, matter: str, how: str) -> None:
            """Both at once: the recall was first, so the report changes nothing."""
            if matter not in self.with_workstation:
                return
            path = f"/v1/workstation/hall-tasks/{self.task_of(matter)}/return"
            recalled = self.ask(
                "committee_member", f"{HALL}/matters/{matter}/handover/recall", {"reason": "收回"}
            )
            reported = self.ask("workstation_staff", path, {"reason": "办不了"})
            assert (recalled.status_code, reported.status_code) == (200, 200)
            self.states[matter] = "accepted"
            self.with_workstation.discard(matter)
            self.carry(how)

        @rule(days=st.integers(1, 25))
        def days_pass(self, days: int) -> None:
            """Whatever nobody judged in time is closed by the limit."""
            world.clock.advance(timedelta(days=days))
            today = world.clock.today()
            due = {id: self.seen(f"matters/{id}")["due_on"] for id in self.states}
            world.run(watch_matters(world.hall_database, world.clock))
            for id, state in self.states.items():
                if state == "result" and date.fromisoformat(due[id]) < today:
                    self.states[id] = "closed"

        # What always holds.

        @invariant()
        def the_hall_says_what_the_table_says(self) -> None:
            for id, state in self.states.items():
                seen = self.seen(f"matters/{id}")
                assert seen["state"] == state
                waits = MatterState(state) not in ENDED and state not in {"resolved"}
                assert not waits or seen["due_on"] is not None, state
                if state == "closed":
                    assert seen["result"]
                    rated = self.seen(f"matters/{id}/ratings")
                    assert rated if seen["closed_by"] == "word" else seen["closed_by"] == "limit"

        @invariant()
        def no_handover_is_lost(self) -> None:
            """Where the hall says that the workstation has it, the workstation says so too."""
            if not self.states:
                return
            tasks = world.run(
                world.clients["workstation"].get(
                    "/v1/workstation/hall-tasks?limit=200",
                    headers=self.people["workstation_staff"],
                )
            ).json()["items"]
            there = {
                task["matter_id"] for task in tasks if task["state"] in {"received", "in_progress"}
            }
            assert there == self.with_workstation

    return Hall


HOW = st.sampled_from(["at once", "crash", "twice"])


def test_matters_walk_their_table_whatever_happens_on_the_way(
    databases: Databases, identity: SigningIdentity, committee_files: str
) -> None:
    world = World(databases, identity, committee_files)
    try:
        run_state_machine_as_test(
            machine(world, 700_000),
            settings=settings(
                max_examples=14,
                stateful_step_count=12,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        every = {(state, action) for state, row in TABLE.items() for action in row}
        assert every - world.walked == set(), "the walk was too short to see every step"
    finally:
        world.close()
