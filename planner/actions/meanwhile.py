"""What somebody else did with a post between its being shown to a person and what that person does with it."""

from planner.core.model import Post
from planner.errors import PlannerError, UsageError
from planner.language import N_


class MovedMeanwhile(UsageError):
    message = N_("Somebody else has moved this post meanwhile, to {day} at {clock}. It was left there.")
    http_status = 409

    def __init__(self, post: Post) -> None:
        super().__init__(day=post.due_local.date(), clock=f"{post.due_local:%H:%M}")


class SkippedMeanwhile(UsageError):
    message = N_("Somebody else has skipped this post meanwhile. It was left as it is.")
    http_status = 409


class SkippedForReason(SkippedMeanwhile):
    message = N_("Somebody else has skipped this post meanwhile: “{reason}”. It was left as it is.")


class AddressThere(UsageError):
    message = N_(
        "This post is marked as done already, perhaps by somebody else, with the address {link}. That one stays. "
        "To have {yours} instead, change the address of the post."
    )
    http_status = 409


class EditedMeanwhile(PlannerError):
    """Somebody else changed the words between showing and saving them; ``post`` is how it is now."""

    message = N_("Somebody else has changed this post in the meantime. Nothing of yours is lost: both are below.")
    http_status = 409


def skipped(post: Post) -> SkippedMeanwhile:
    """The error that says that a post is skipped, and why if that is known."""
    return SkippedForReason(reason=post.skip_reason) if post.skip_reason else SkippedMeanwhile()
