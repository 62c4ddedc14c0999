"""Which of several media types a caller likes best."""

from collections.abc import Sequence

from shared.web.errors import NotAcceptable


def best_media_type(accept: str, offered: Sequence[str]) -> str:
    """The offered type with the highest quality in an Accept header, the earlier one at a draw.

    Raises NotAcceptable when the header takes none of them.
    """
    qualities = dict.fromkeys(offered, 0.0)
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        for one in offered:
            if media in {one, one.split("/", 1)[0] + "/*", "*/*"}:
                qualities[one] = max(qualities[one], _quality(parameters))
    best = max(offered, key=lambda media: qualities[media])
    if qualities[best] <= 0:
        raise NotAcceptable(offered)
    return best


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
