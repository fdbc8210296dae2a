"""How Sphinx builds the documentation."""

from enum import Enum
from importlib.metadata import version as installed_version
from typing import Any

project = "ispcore"
author = "the ispcore contributors"
release = version = installed_version("ispcore")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"

html_theme = "furo"
html_title = "ispcore"


def setup(app: Any) -> None:  # noqa: ANN401 - Sphinx's application
    """List every member of an enum, those without a sentence of their own too."""
    app.connect("autodoc-skip-member", lambda *event: False if isinstance(event[3], Enum) else None)
