"""Who may see volunteer teams."""

from shared.auth.policy import Policy
from shared.kernel.text import Text

READ = Policy(
    "volunteers.team.read", Text(zh="查看志愿服务队", en="see volunteer teams"), public=True
)
