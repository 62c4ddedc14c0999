"""When a service is left alone, and for how long."""

from services.gateway.routing.circuit import FAILURES_ALLOWED, OPEN_SECONDS, Circuit


def _opened(at: float) -> Circuit:
    circuit = Circuit()
    for _ in range(FAILURES_ALLOWED):
        assert circuit.wait(at) == 0
        circuit.failed(at)
    return circuit


def test_a_few_failures_leave_the_circuit_closed() -> None:
    circuit = Circuit()
    for _ in range(FAILURES_ALLOWED - 1):
        circuit.failed(10.0)
    assert circuit.wait(10.0) == 0


def test_an_answer_makes_earlier_failures_forgotten() -> None:
    circuit = Circuit()
    for _ in range(3 * FAILURES_ALLOWED):
        circuit.failed(10.0)
        circuit.succeeded()
    assert circuit.wait(10.0) == 0


def test_repeated_failures_open_the_circuit_for_a_while() -> None:
    circuit = _opened(10.0)
    assert circuit.wait(10.0) == OPEN_SECONDS
    assert circuit.wait(10.0 + OPEN_SECONDS - 1) == 1


def test_one_probe_at_a_time_passes_after_the_while() -> None:
    circuit = _opened(10.0)
    later = 10.0 + OPEN_SECONDS
    assert [circuit.wait(later) > 0 for _ in range(3)] == [False, True, True]


def test_a_failed_probe_opens_the_circuit_again() -> None:
    circuit = _opened(10.0)
    later = 10.0 + OPEN_SECONDS
    circuit.wait(later)
    circuit.failed(later)
    assert circuit.wait(later) == OPEN_SECONDS


def test_a_probe_that_was_answered_closes_the_circuit() -> None:
    circuit = _opened(10.0)
    circuit.wait(10.0 + OPEN_SECONDS)
    circuit.succeeded()
    assert [circuit.wait(20.0) for _ in range(3)] == [0, 0, 0]


def test_a_probe_that_was_broken_off_makes_room_for_the_next() -> None:
    circuit = _opened(10.0)
    later = 10.0 + OPEN_SECONDS
    circuit.wait(later)
    circuit.let_go()
    assert circuit.wait(later) == 0
