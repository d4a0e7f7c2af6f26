"""Addresses that open doors, taken out of whatever is logged, kept as a reason, or shown to others."""

import re
from typing import Final

# The beginnings of the addresses in ``links``; what follows one of them is a secret.
_SECRET: Final = re.compile(r"(/(?:a|feeds|sign-in|unsubscribe)/)[^\s\"'<>]+")


def without_secrets(text: str) -> str:
    """Text as others may see it: what follows the beginnings of our secret addresses replaced."""
    return _SECRET.sub(r"\1…", text)
