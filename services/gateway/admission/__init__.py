"""Work enters only with authority and money 社区工作准入."""
