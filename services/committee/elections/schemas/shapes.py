"""Shapes that the requests and answers of elections are made of."""

from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MOST = 1_000_000
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$"
    ),
]
IdNumber = Annotated[str, StringConstraints(strip_whitespace=True, max_length=18)]
Unit = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$"
    ),
]
Number = Annotated[StrictInt, Field(ge=1, le=MOST)]
"""An elector's number on the roll."""
Count = Annotated[StrictInt, Field(ge=0, le=MOST)]
