"""How Sphinx builds the documentation."""

from importlib.metadata import version as installed_version

project = "ispcore"
author = "the ispcore contributors"
release = version = installed_version("ispcore")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"

html_theme = "furo"
html_title = "ispcore"
