"""Style sheets, scripts and pictures: read once, sent compressed, and kept by the browser as long as they are the same.

A page names a file with a piece of its hash (``/static/planner.css?v=1a2b3c4d``), so a browser never asks for it
again, and a new release is seen at once; what a script imports is named so, too. Pages themselves are not compressed:
an attacker who can choose a part of one could learn the secrets in it by its length (BREACH).
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, request

pages = Blueprint("assets", __name__)
FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_IMPORT: Final = re.compile(rb'from "\./([\w-]+\.js)"')
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_FOR_NOW: Final = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    data: bytes
    packed: bytes | None
    kind: str
    version: str


@cache
def asset(name: str) -> Asset | None:
    """A file of ``static/`` by its path in there; None if there is none, or it is no kind that is sent."""
    kind = _TYPES.get(Path(name).suffix)
    if kind is None or name not in _names():
        return None
    data = (FOLDER / name).read_bytes()
    if name.endswith(".js"):
        data = _IMPORT.sub(_with_hash, data)
    packed = gzip.compress(data, mtime=0) if not name.endswith(".png") else None
    return Asset(data, packed, kind, hashlib.sha256(data).hexdigest()[:8])


def address(name: str) -> str:
    """Where a page finds a file. Raises KeyError for one that is not there."""
    found = asset(name)
    if found is None:
        raise KeyError(name)
    return f"/static/{name}?v={found.version}"


def _with_hash(found: re.Match[bytes]) -> bytes:
    """What a script imports, named as a page names it."""
    return b'from "' + address(found[1].decode()).encode() + b'"'


@cache
def _names() -> frozenset[str]:
    return frozenset(file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.*"))


@pages.get("/static/<path:name>")
def static(name: str) -> Response:
    """A file; for ever if its address carries its hash."""
    found = asset(name)
    if found is None:
        abort(404)
    response = answer(found)
    response.headers["Cache-Control"] = _FOR_EVER if request.args.get("v") == found.version else _FOR_NOW
    response.set_etag(found.version)
    response.make_conditional(request)
    return response


def answer(found: Asset) -> Response:
    """A file as the answer to the request at hand, compressed if the browser takes that; it says nothing of keeping."""
    response = Response(found.data, content_type=found.kind)
    if found.packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"]:
            response.set_data(found.packed)
            response.headers["Content-Encoding"] = "gzip"
    return response
