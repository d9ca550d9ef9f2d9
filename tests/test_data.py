"""Golden data. Each file of tests/data stands in for a data file of the sample guide, the one its name begins with.

To add a test, drop a file there. One line at its end for each finding, `# expect: 3:5 invalid-data` for line 3,
column 5; `# expect: nothing` if the file is as it should be.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from guide.project import Project
from tests.test_pages import findings, stated

DATA = sorted((Path(__file__).parent / "data").glob("*.yml"))


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_a_data_file_has_the_findings_it_states_and_no_others(path: Path, project: Callable[..., Project]) -> None:
    place = f"docs/data/{path.stem.partition('-')[0]}.yml"
    text = path.read_text(encoding="utf-8")
    assert findings(project({place: text}), place) == stated(text, "# expect: {}")
