"""Who may see committees."""

from shared.auth.policy import Policy
from shared.kernel.text import Text

READ = Policy(
    "organisation.committee.read",
    Text(zh="查看居民委员会", en="see residents' committees"),
    public=True,
)
