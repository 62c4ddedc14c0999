"""Who may see posts."""

from shared.auth.policy import Policy
from shared.kernel.text import Text

READ = Policy("posts.post.read", Text(zh="查看核定岗位", en="see approved posts"), anyone=True)
