"""The steps of a video by command: shown, ticked, and what is next today; and ideas that run out in the summary."""

from cli.program import Planner, number

NOW = "2026-11-20T08:00"  # the video of 2 December: the idea was due on the 18th


def test_a_video_is_ticked_off_step_by_step(planner: Planner) -> None:
    video = number(planner, "YouTube", "2026-12-02")
    out = planner("post", "show", video, now=NOW).out
    for line in ("1 [ ] Idea, Wed 18 Nov !", "2 [ ] Script, Sat 21 Nov", "6 [ ] Publish, Wed 2 Dec"):
        assert line in out.splitlines()
    title = planner("post", "show", video, "--json", now=NOW).json["title"]
    assert planner("post", "step", video, "2", now=NOW).out == f"Done: Script, {title}\n"
    assert planner("post", "step", video, "2", now=NOW).out == f"It was done already: Script, {title}\n"
    steps = planner("post", "show", video, "--json", now=NOW).json["steps"]
    assert [each["standing"] for each in steps] == ["done", "done", "coming", "coming", "coming", "coming"]
    assert steps[2] == {"step": "film", "name": "Film", "day": "2026-11-25", "standing": "coming"}
    assert planner("post", "step", video, "1", "--undo", now=NOW).out == f"No longer done: Idea, {title}\n"
    assert planner("post", "step", video, "1", "--undo", now=NOW).out == f"It was not done: Idea, {title}\n"


def test_what_is_no_step(planner: Planner) -> None:
    video, photo = number(planner, "YouTube", "2026-12-02"), number(planner, "Google", "2026-11-24")
    assert "has no step 7" in planner("post", "step", video, "7").err
    assert planner("post", "step", video, "0").code == 2
    assert "is the post itself" in planner("post", "step", video, "6").err
    assert "has no step 1" in planner("post", "step", photo, "1").err
    assert planner("post", "show", photo, "--json").json["steps"] == []


def test_today_says_what_is_next(planner: Planner) -> None:
    out = planner("today", now=NOW).out
    assert "Next for your videos" in out
    (line,) = [line for line in out.splitlines() if "Idea" in line]
    assert "Wed 18 Nov !" in line
    planner("post", "step", number(planner, "YouTube", "2026-12-02"), "5", now=NOW)
    assert "Next for your videos" not in planner("today", now=NOW).out


def test_the_summary_says_when_ideas_run_out(planner: Planner) -> None:
    assert planner("summary", "--json").json["supply"] is None
    planner("idea", "add", "Rye bread")
    out, told = planner("summary").out, planner("summary", "--json").json["supply"]
    assert told["weeks"] == 0
    assert len(told["suggestions"]) == 3
    for words in ("Your ideas and drafts last for less than a week.", *told["suggestions"]):
        assert words in out
    assert planner("summary", "--week", "2026-W40", "--json").json["supply"] is None, "of long ago nothing is said"
