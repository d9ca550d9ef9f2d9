"""What keeps a guide honest: its references, terms, dates and pages.

The core imports no site generator, prints nothing and logs nothing. Stages take values and return values;
a problem is a `Diagnostic`, returned to the edge that asked (`events.py`, `guide_markdown.py`, `guide_cli.py`).
"""
