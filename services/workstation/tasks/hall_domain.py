"""The table of a matter that the residents' talk hall handed over. Pure.

It has no dispatch and no money: the residents' committee asks, the workstation helps (居民说事).
"""

from services.workstation.tasks.domain import TaskState
from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step

_CLERK = frozenset({Role.WORKSTATION_STAFF})
_S = TaskState
HALL_TASK = Procedure(
    name="hall_task",
    states={
        _S.RECEIVED: Text("待签收", "received"),
        _S.IN_PROGRESS: Text("办理中", "in progress"),
        _S.CLOSED: Text("已办结", "closed"),
        _S.RETURNED: Text("已退回", "returned"),
        _S.WITHDRAWN: Text("居委会收回", "withdrawn"),
    },
    actions={
        "acceptance": Text("签收", "accept"),
        "return": Text("退回居委会", "return"),
        "completion": Text("报结果", "report the result"),
        "withdrawal": Text("收回", "withdraw"),
    },
    steps=(
        Step(_S.RECEIVED, "acceptance", "accepted", _S.IN_PROGRESS, _CLERK),
        Step(_S.RECEIVED, "return", "returned", _S.RETURNED, _CLERK, reason=True),
        Step(_S.IN_PROGRESS, "return", "returned", _S.RETURNED, _CLERK, reason=True),
        Step(_S.IN_PROGRESS, "completion", "completed", _S.CLOSED, _CLERK),
        Step(_S.RECEIVED, "withdrawal", "withdrawn", _S.WITHDRAWN),
        Step(_S.IN_PROGRESS, "withdrawal", "withdrawn", _S.WITHDRAWN),
    ),
)
HALL_ENDED = frozenset({_S.CLOSED, _S.RETURNED, _S.WITHDRAWN})
