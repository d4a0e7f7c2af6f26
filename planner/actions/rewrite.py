"""Writing the texts of coming posts again, when what they are made of has changed."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from planner.actions import rounds
from planner.actions.plan import text_of
from planner.core import localtime
from planner.core.model import Business, Channel, Post, Window
from planner.render import PostText, PostTexts
from planner.store.queries import channels, posts

_AGES: Final = timedelta(days=3660)


def rewrite(tx: Connection, business: Business, texts: PostTexts, now: datetime) -> int:
    """Write the texts of coming posts nobody touched again, as name, trade or language have changed; how many.

    The words of a round of answering are nobody's, so they are written again in any case.
    """
    there = {channel.id: channel for channel in channels.of_business(tx, business.id)}
    today = localtime.today(now, business.timezone)
    rows = []
    for post in posts.open_between(tx, business.id, Window(today, today + _AGES)):
        text = _anew(post, business, there[post.channel_id], texts)
        if text is not None and (text.title, text.text, text.hint) != (post.title, post.text, post.hint):
            rows.append({"key": post.id, "title": text.title, "text": text.text, "hint": text.hint})
    posts.set_texts(tx, rows, now)
    return len(rows)


def _anew(post: Post, business: Business, channel: Channel, texts: PostTexts) -> PostText | None:
    """What a coming post says in the business's words of today; None if it stays as it is."""
    if post.pillar is None:
        title, why = rounds.words(channel.platform, business.language)
        return PostText(title, why, "")
    if post.revision or post.prompt not in texts.prompts(business.language)[post.pillar]:
        return None
    return text_of(texts, post.prompt, post.due_local, business, channel, post.content)[1]
