"""Feeds over HTTP, as calendar programs fetch them: no sign-in, no cookie, no content negotiation.

An unknown, a revoked and a malformed secret are answered alike; too many of them from one address are not looked up.
A conditional request that finds nothing new costs one query and builds nothing.
"""

import gzip
import logging
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, abort, request
from sqlalchemy import Connection
from werkzeug.exceptions import TooManyRequests

from planner.actions import feeds as verbs
from planner.core.characters import one_line
from planner.core.model import Feed
from planner.errors import PlannerError
from planner.store.queries.feeds import Found
from planner.web.site import site, visitor

log = logging.getLogger("planner.web")
pages = Blueprint("feeds", __name__)


@pages.route("/feeds/<secret>.ics", methods=["GET"], provide_automatic_options=False)
def feed(secret: str) -> Response:
    """The feed of a secret; 304 if the program has it already."""
    now, who, key = site().clock(), visitor(), verbs.hash_of(secret)
    if not site().guesses.admit(who, now, key):
        raise TooManyRequests(retry_after=60)
    with site().database.read() as tx:
        found = verbs.find(tx, secret)
        if found is None:
            site().guesses.gone(who, key)
            abort(404)
        site().guesses.right(who, key)
        tag = verbs.etag(found, site().links.base_url, now)
        since = site().feeds_seen.since(found.feed.id, tag, now)
        known = _is_known(tag, since)
        body = b"" if known else _written(tx, found, now)
    if verbs.wants_noting(found.feed, now):
        _note(found.feed)
    response = Response(status=304) if known else _packed(body)
    response.set_etag(tag, weak=True)
    response.last_modified = since
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _written(tx: Connection, found: Found, now: datetime) -> bytes:
    content = site().feed_reader.content_of(tx, found.feed, now)
    return site().feed_writer.write(replace(content, failing=found.failing))


def _is_known(tag: str, since: datetime) -> bool:
    """Whether the program has this feed: by its ETag, and by the time only if it knows none (RFC 9110, 13.1.3)."""
    if "If-None-Match" in request.headers:
        return request.if_none_match.contains_weak(tag)
    try:
        asked = request.if_modified_since
    except (OverflowError, ValueError):  # a year of twenty digits; a date that is none counts as not given
        return False
    return asked is not None and asked >= since


@pages.get("/robots.txt")
def robots() -> Response:
    """Google fetches feeds only where robots.txt allows it; nothing else is for search engines."""
    return Response("User-agent: *\nAllow: /feeds/\nDisallow: /\n", mimetype="text/plain")


def _packed(body: bytes) -> Response:
    headers = {"Content-Disposition": 'inline; filename="planner.ics"'}
    if request.accept_encodings.quality("gzip") > 0:
        body = gzip.compress(body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, content_type="text/calendar; charset=utf-8")


def _note(fetched: Feed) -> None:
    """Best effort: a database that is busy, full or read-only is no reason to keep a calendar from its reader."""
    try:
        with site().database.write() as tx:
            verbs.note_fetched(tx, fetched, site().clock(), one_line(request.headers.get("User-Agent", "")))
    except PlannerError as error:
        log.warning("cannot note that feed %d was fetched: %s", fetched.id, error)
