"""The lesson about drivers shows the very files of the finished one."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
FINISHED = DOCS / "plugins" / "toy-olt"
BLOCK = re.compile(r"^```python\n# (?P<name>[\w/]+\.py)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LESSON = (DOCS / "tutorial" / "first-driver.md").read_text("utf-8")
SHOWN = {found["name"]: found["text"] for found in BLOCK.finditer(LESSON)}


def test_the_lesson_shows_every_file_of_the_finished_driver() -> None:
    files = {file.relative_to(FINISHED).as_posix() for file in FINISHED.rglob("*.py")}

    assert files == set(SHOWN)


@pytest.mark.parametrize("name", SHOWN)
def test_what_the_lesson_shows_is_what_lies_there(name: str) -> None:
    assert (FINISHED / name).read_text("utf-8") == SHOWN[name]


def test_the_lesson_shows_the_project_file() -> None:
    assert f"```toml\n{(FINISHED / 'pyproject.toml').read_text('utf-8')}```" in LESSON
