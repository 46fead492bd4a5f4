"""The proxy command under test, and where everything lives."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
from pathlib import Path

import pytest

E2E_ROOT = Path(__file__).resolve().parent.parent
OUTPUT_ROOT = E2E_ROOT / ".output"
HUB6_PYTHON = E2E_ROOT / ".venv-hub6" / "bin" / "python"
HUB4_PYTHON = E2E_ROOT / ".venv-hub4" / "bin" / "python"

DEFAULT_COMMAND = E2E_ROOT.parent / "bin" / "configurable-http-proxy"


def in_ci() -> bool:
    return bool(os.environ.get("CI"))


def prerequisite(present: bool, what: str) -> None:
    """Stops the test if something it needs is absent: a failure in CI, a skip on a person's machine."""
    if present:
        return
    if in_ci():
        pytest.fail(f"missing prerequisite: {what}", pytrace=False)
    pytest.skip(f"missing prerequisite: {what}")


def named_command() -> list[str]:
    """The command that is meant, whether or not it exists: E2E_PROXY_COMMAND, or the one of this repository."""
    return shlex.split(os.environ.get("E2E_PROXY_COMMAND", "")) or [str(DEFAULT_COMMAND)]


def proxy_command() -> list[str]:
    """The command under test as argv words, with an absolute path."""
    words = named_command()
    executable = shutil.which(words[0])
    prerequisite(executable is not None, f"the proxy command {words[0]}")
    return [os.path.abspath(executable), *words[1:]]


def put_on_path(folder: Path) -> Path:
    """Makes a folder whose only program is `configurable-http-proxy`, which becomes the command under test.

    The shell replaces itself, so the process that the hub starts, watches and signals is the proxy.
    """
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / "configurable-http-proxy"
    launcher.write_text(f'#!/bin/sh\nexec {shlex.join(proxy_command())} "$@"\n')
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return folder
