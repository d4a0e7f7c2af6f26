"""What a phone asks for to take the page among its apps: a manifest and a service worker."""

from flask import Blueprint, Response, abort, jsonify

from planner.web import assets
from planner.web.site import gettext, visitor_language

pages = Blueprint("installed", __name__)


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """Name, colours and pictures (W3C Web Application Manifest); nothing in it is secret."""
    language = visitor_language()
    icons = [{"src": assets.address(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
             for size in (192, 512)]  # fmt: skip
    icons.append({"src": assets.address("icon.svg"), "sizes": "any", "type": "image/svg+xml"})
    icons.append({"src": assets.address("icon-maskable.png"), "sizes": "512x512", "type": "image/png",
                  "purpose": "maskable"})  # fmt: skip
    speak = gettext(language)
    response = jsonify(
        id="/",
        name=speak("Planner"),
        short_name=speak("Planner"),
        lang=language,
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#f6f3ee",
        theme_color="#1d6b4b",
        icons=icons,
    )
    response.headers["Content-Type"] = "application/manifest+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Vary"] = "Accept-Language"
    return response


@pages.get("/sw.js")
def worker() -> Response:
    """The service worker, at the top so that it may look after every page; asked for anew each time."""
    found = assets.asset("sw.js")
    if found is None:
        abort(404)
    response = assets.answer(found)
    response.headers["Cache-Control"] = "no-cache"
    return response
