"""Answers to forms get an address of their own: a form that was sent is not sent again by Back or a reload.

What a form leads to is either another page (303 already) or an answer: the form once more with what is wrong, what two
people did at once, what a mail's link has done. A browser that comes back to such an answer asks whether to send the
form again, and shows nothing until it may. So the answer is kept for a while in memory, never on disk, and the browser
is sent to it (Post/Redirect/Get), below the address that the form was sent to: a form in it that names none goes there
again. A program that did not ask for a page gets the answer straight.

A form that makes something carries what makes it unique (``once``). Sent twice by one session, with the same in it, the
second one is led to where the first one was.
"""

import hashlib
from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, g, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from planner.web.site import reading, session_secret, site

pages = Blueprint("answers", __name__)
_KEY: Final = "answer"
_TOO_MUCH: Final = 413


@pages.before_app_request
def show() -> AnyResponse | None:
    """An answer as it was given; who was signed in then has to be so now.

    In the place of one that is gone stands the page of that address; Today, if only a form goes there.
    """
    if request.method != "GET" or _KEY not in request.args:
        return None
    answer = site().answers.get(_mark(session_secret()), request.args[_KEY])
    if answer is None:
        return redirect("/", 303) if request.routing_exception else None
    if answer.owner:
        with reading():
            pass
    return make_response(answer.html, answer.status)


@pages.before_app_request
def once_only() -> AnyResponse | None:
    """For a form that was sent before: where that one led to. It makes nothing, so it needs no look at who sends it."""
    if request.method != "POST" or request.routing_exception or not (session_secret() and "once" in request.values):
        return None
    what = f"{session_secret()} {request.full_path} {sorted(request.form.items(multi=True))}"
    key = hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()
    to = site().sent_forms.begin(key)
    if to is None:
        g.sent_form, g.led_to = key, None
        return None
    return redirect(to, 303)


@pages.teardown_app_request
def ended(_error: BaseException | None) -> None:
    """The form has done what it does, or failed."""
    if (key := g.get("sent_form")) is not None:
        site().sent_forms.end(key, g.led_to)


@pages.after_app_request
def give_an_address(response: Response) -> Response:
    """In the place of an answer to a form the way to it."""
    if not _is_an_answer(response):
        if response.status_code == 303:
            g.led_to = response.headers["Location"]
        return response
    owner = _mark(session_secret()) if g.get("session") is not None else ""
    key = site().answers.keep(owner, response.status_code, response.get_data())
    response.set_data(b"")
    response.status_code = 303
    response.headers["Location"] = f"{quote(request.path)}?{urlencode({**request.args, _KEY: key})}"
    response.headers.pop("Retry-After", None)  # which would hold up the way to the page that says so
    return response


def _is_an_answer(response: Response) -> bool:
    """A page for somebody who looks at it; a mail program that unsubscribes follows nowhere (RFC 8058)."""
    if request.method != "POST" or response.status_code == _TOO_MUCH:
        return False
    if 300 <= response.status_code < 400 or response.status_code >= 500 or response.mimetype != "text/html":
        return False
    return "text/html" in request.headers.get("Accept", "") and "List-Unsubscribe" not in request.form


def _mark(secret: str) -> str:
    return hashlib.sha256(f"answers {secret}".encode("utf-8", "surrogatepass")).hexdigest() if secret else ""
