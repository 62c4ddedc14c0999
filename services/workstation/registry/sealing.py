"""How the registry binds an encrypted value to its row and field."""

from uuid import UUID


def bound(district: str, resident: UUID, field: str) -> bytes:
    """The context that `PersonalData` needs again to decrypt."""
    return f"{district}/resident/{resident.hex}/{field}".encode()
