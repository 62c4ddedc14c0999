"""A circuit for each service: after repeated failures it is left alone for a while."""

from dataclasses import dataclass

FAILURES_ALLOWED = 5
OPEN_SECONDS = 5.0


@dataclass(slots=True)
class Circuit:
    """Closed: requests pass. Open: none does until `OPEN_SECONDS` have gone. Then one probe at a
    time passes; its success closes the circuit. `now` is a monotonic time in seconds."""

    failures: int = 0
    opened_at: float | None = None
    probing: bool = False

    def wait(self, now: float) -> float:
        """0 when a request may pass; otherwise the seconds to wait."""
        if self.opened_at is None:
            return 0.0
        left = self.opened_at + OPEN_SECONDS - now
        if left > 0:
            return left
        if self.probing:
            return 1.0
        self.probing = True
        return 0.0

    def succeeded(self) -> None:
        """The service answered, whatever it said."""
        self.failures, self.opened_at, self.probing = 0, None, False

    def failed(self, now: float) -> None:
        """No connection, no answer in time, or no HTTP."""
        self.failures += 1
        if self.probing or self.failures >= FAILURES_ALLOWED:
            self.opened_at, self.probing = now, False

    def let_go(self) -> None:
        """The request ended before it showed anything about the service."""
        self.probing = False
