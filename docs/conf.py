"""Sphinx settings."""

project = "Comity"
author = "the Comity authors"
copyright = "the Comity authors"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
html_theme = "furo"
exclude_patterns = ["_build"]
