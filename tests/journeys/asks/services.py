"""What every service has: audit, jobs, imports."""

from tests.journeys.asks.asking import Ask, At, C, W, has, listing


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    found: dict[str, Ask] = {}
    for service, base in (("workstation", W), ("committee", C)):
        mine = at[f"{service}_import"]
        found |= {
            f"{service}_audit_events": Ask("GET", f"{base}/audit-events"),
            f"{service}_job": Ask("GET", f"{base}/jobs/{mine}"),
            f"{service}_import_templates": Ask("GET", f"{base}/imports/templates"),
            f"{service}_import_template": Ask(
                "GET",
                f"{base}/imports/templates/"
                f"{'streets' if service == 'workstation' else 'terms'}?format=csv",
            ),
            f"{service}_import": Ask(
                "POST",
                f"{base}/imports",
                data={"kind": "nothing"},
                files={"file": ("a.csv", b"a\n1\n")},
            ),
            f"{service}_imports": listing(f"{base}/imports?limit=200", has("id", mine)),
            f"{service}_import_progress": Ask("GET", f"{base}/imports/{mine}"),
            f"{service}_import_report": Ask("GET", f"{base}/imports/{mine}/report"),
            f"{service}_cancel_import": Ask("POST", f"{base}/imports/{mine}/cancellation"),
        }
    return found
