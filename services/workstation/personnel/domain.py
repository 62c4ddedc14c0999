"""Where a person really is."""

from dataclasses import dataclass
from enum import StrEnum


class Whereabouts(StrEnum):
    """在岗, 借调街道, 离岗退养, 借调区直, 自聘. All but the self-hired hold an approved post."""

    ON_DUTY = "on_duty"
    SECONDED_TO_STREET = "seconded_to_street"
    OFF_POST = "off_post"
    SECONDED_TO_DISTRICT = "seconded_to_district"
    SELF_HIRED = "self_hired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Posts and people of a place on a day; `quota` is None where no rule held."""

    quota: int | None = None
    approved: int = 0
    on_duty: int = 0
    seconded_to_street: int = 0
    seconded_to_district: int = 0
    off_post: int = 0
    self_hired: int = 0

    @property
    def occupied(self) -> int:
        """Posts that someone holds, wherever they are."""
        return self.on_duty + self.seconded_to_street + self.seconded_to_district + self.off_post

    @property
    def vacant(self) -> int:
        """Posts that nobody holds 空岗."""
        return self.approved - self.occupied

    def plus(self, other: "Counts") -> "Counts":
        """The sum; the quota only where both have one."""
        both = self.quota is not None and other.quota is not None
        return Counts(
            quota=(self.quota or 0) + (other.quota or 0) if both else None,
            approved=self.approved + other.approved,
            on_duty=self.on_duty + other.on_duty,
            seconded_to_street=self.seconded_to_street + other.seconded_to_street,
            seconded_to_district=self.seconded_to_district + other.seconded_to_district,
            off_post=self.off_post + other.off_post,
            self_hired=self.self_hired + other.self_hired,
        )
