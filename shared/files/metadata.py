"""Photographs without what cameras write into them: place, time, device, owner. Pure."""

import struct

_JPEG_START = b"\xff\xd8"
_SCAN = 0xDA
_KEPT_APPLICATION = 0xE0
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs"}
)


def without_metadata(content: bytes) -> bytes:
    """A JPEG or PNG without its application data, comments and texts; anything else as it is. What
    follows a fault in the file is left as it is."""
    if content.startswith(_JPEG_START):
        return _jpeg(content)
    if content.startswith(_PNG_START):
        return _png(content)
    return content


def _jpeg(content: bytes) -> bytes:
    kept = [_JPEG_START]
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == _SCAN:
            break
        length = 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        told = _KEPT_APPLICATION < marker <= 0xEF or marker == 0xFE
        # Colours are wrong without an ICC profile (APP2), so that one stays.
        if not told or content[at + 4 : at + 15] == b"ICC_PROFILE":
            kept.append(content[at : at + length])
        at += length
    return b"".join([*kept, content[at:]])


def _png(content: bytes) -> bytes:
    kept = [_PNG_START]
    at = len(_PNG_START)
    while at + 12 <= len(content):
        length = 12 + struct.unpack(">I", content[at : at + 4])[0]
        if content[at + 4 : at + 8] in _PNG_KEPT:
            kept.append(content[at : at + length])
        at += length
    return b"".join([*kept, content[at:]])
