"""Reads the text of the PDFs that the report makes: enough of the format for its own files."""

import re
import zlib

_STREAM = re.compile(rb"(\d+) 0 obj\s*<<(.*?)>>\s*stream\n(.*?)\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"\nBT .*?/(f\d+) [\d.]+ Tf.*? Tm(.*?)T[jJ]\nET", re.DOTALL)
_PIECE = re.compile(rb"<([0-9A-F]+)>|\\([0-7]{1,3}|.)|([()])|([^\\()<]+|<)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """The text in the order it is drawn, a line for each line that was set."""
    streams = {int(number): _plain(head, data) for number, head, data in _STREAM.findall(pdf)}
    pages = re.findall(rb"/Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", pdf)
    return "\n".join(
        _drawn(streams[int(contents)], _fonts(pdf, _object(pdf, int(resources)), streams))
        for resources, contents in pages
    )


def _fonts(pdf: bytes, resources: bytes, streams: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    return {
        name: _unicode(streams[int(cmap)])
        for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
        for cmap in re.findall(rb"/ToUnicode (\d+) 0 R", _object(pdf, int(font)))
    }


def _object(pdf: bytes, number: int) -> bytes:
    found = re.search(rb"\n%d 0 obj(.*?)endobj" % number, pdf, re.DOTALL)
    assert found is not None
    return found[1]


def _plain(head: bytes, data: bytes) -> bytes:
    return zlib.decompress(data) if b"FlateDecode" in head else data


def _unicode(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", cmap)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _drawn(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    lines = []
    for name, shown in _SHOWN.findall(stream):
        codes = _strings(shown)
        pairs = zip(codes[::2], codes[1::2], strict=True)
        lines.append("".join(fonts[name].get(high << 8 | low, "") for high, low in pairs))
    return "\n".join(lines)


def _strings(operand: bytes) -> bytes:
    """The strings of an operand without the kerning between them; their brackets may nest."""
    found, depth = b"", 0
    for hexadecimal, escaped, bracket, plain in _PIECE.findall(operand):
        if hexadecimal and not depth:
            found += bytes.fromhex(hexadecimal.decode())
        elif escaped:
            found += bytes([int(escaped, 8)]) if escaped.isdigit() else _SIGNS.get(escaped, escaped)
        elif bracket:
            inner = depth > (0 if bracket == b"(" else 1)
            depth += 1 if bracket == b"(" else -1
            found += bracket if inner else b""
        elif depth:
            found += b"<" + hexadecimal + b">" if hexadecimal else plain
    return found
