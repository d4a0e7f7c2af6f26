"""A page used with Tab and Enter alone: where the focus goes it is seen, and it never gets lost on the way."""

from playwright.sync_api import Locator, Page

from bench.pace import Hand

FURTHEST = 150  # stops on a page
# Of what has the focus: whether it is painted within the window, not below something else, and marked as such. What is
# painted by its label (a radio button as a chip) is marked there.
_SEEN = """() => {
  const at = document.activeElement;
  if (at === document.body || at === document.documentElement) return "lost";
  const marked = (one) => one && ["outlineStyle", "boxShadow"].some((name) => getComputedStyle(one)[name] !== "none");
  const shown = [at, ...(at.labels ?? [])];
  if (!shown.some(marked)) return "not marked";
  const inside = shown.some((one) => {
    const { left, right, top, bottom, width, height } = one.getBoundingClientRect();
    if (!width || !height || bottom <= 0 || top >= innerHeight) return false;
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const there = document.elementFromPoint(x, y);
    return one.contains(there) || there?.contains(one);
  });
  return inside ? "seen" : "out of sight";
}"""


class Keys:
    """Somebody who has no mouse, on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, control: Locator) -> None:
        """Tab until the control has the focus; every stop on the way has to be seen."""
        control.wait_for()
        for _ in range(FURTHEST):
            if control.evaluate("(control) => control === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            seen = self.page.evaluate(_SEEN)
            stop = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
            assert seen == "seen", f"{self.page.url}: the focus is {seen} at {stop}, on the way to {control}"
        raise AssertionError(f"{self.page.url}: Tab never comes to {control}")

    def press(self, control: Locator) -> None:
        """Tab to a button or link, and Enter."""
        self.to(control)
        self.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        """Tab to a field and type over what is in it."""
        self.to(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, value: str) -> None:
        """Tab to a list and go down to a line of it, from its first."""
        self.to(field)
        self.page.keyboard.press("Home")
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{field} has no {value}")

    def past_the_tabs(self) -> None:
        """By the first stop of a page, which leads to what is on it."""
        self.page.keyboard.press("Tab")
        first = self.page.locator(".skip-link")
        assert first.evaluate("(link) => link === document.activeElement"), "the first stop is the way to the content"
        assert self.page.evaluate(_SEEN) == "seen"
        self.page.keyboard.press("Enter")


class KeyboardHand(Hand):
    """The hand of the walk, with keys."""

    def tap(self, what: Locator) -> None:
        """Tab to it, and Enter."""
        Keys(self.page).press(what)
        self._did(taps=1)

    def fill(self, label: str, text: str) -> None:
        """Tab to the field and type."""
        Keys(self.page).fill(self.page.get_by_label(self.speak(label), exact=True), text)
        self._did(fields=1, characters=len(text))

    def choose(self, label: str, value: str) -> None:
        """Tab to the list and go down."""
        Keys(self.page).choose(self.page.get_by_label(self.speak(label), exact=True), value)
        self._did(fields=1, taps=1)
