"""The table says what it claims to say: no flag without a case, no difference without a row and a case."""

from __future__ import annotations

import re
import subprocess
from collections import Counter

from harness import table
from harness.case import Command

COMPATIBILITY = table.FOLDER.parent / "docs" / "compatibility.md"


def test_every_flag_of_the_original_has_a_case(chp_command):
    """Read from the original's own help, so that a flag of a later release is noticed."""
    text = subprocess.run([chp_command, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
    flags = set(re.findall(r"^\s+(?:-\w, )?(--[\w-]+)", text, re.M))
    used = {word.partition("=")[0] for row in table.load()
            for word in (row.case.args if isinstance(row.case, Command) else row.case.flags)}
    assert len(flags) > 45
    assert flags - used == set()


def test_every_difference_has_a_row_and_every_row_a_case():
    """docs/compatibility.md and the table name the same differences."""
    ids = re.findall(r"^\| `([a-z0-9-]+)` \|", COMPATIBILITY.read_text(), re.M)
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert set(ids) == {row.case.differs for row in table.load() if row.case.differs}


def test_a_difference_is_one():
    """A case that is marked as a difference says two different things, any other says only one."""
    for row in table.load():
        if row.case.differs:
            assert row.jove is not None, f"{row.key}: what Jove does is not written down"
            assert row.jove != row.chp, f"{row.key}: both do the same"
        else:
            assert row.jove is None, f"{row.key}: an answer of Jove's own, but no difference is named"


def test_names_are_unique_and_nothing_is_left_over():
    """Each case has one section in its area's file, and each section a case."""
    rows = table.load()
    assert [key for key, count in Counter(row.key for row in rows).items() if count > 1] == []
    for area in table.AREAS:
        assert set(table.read_expected(area)) == {row.case.name for row in rows if row.area == area}


def test_the_table_is_large_enough():
    """A table that lost its rows by mistake must not pass."""
    assert len(table.load()) >= 750
