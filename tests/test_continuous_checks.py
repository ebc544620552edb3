"""The pre-commit hooks and the GitHub Action run the command as their files say."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from graphs import SHIPPED
from servers import SCRIPTS

from forumkg.namespaces import SHAPES
from forumkg.validation.findings import Finding, Report, as_github

BASH = shutil.which("bash")
BROKEN = 'PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n<urn:ab> zgc:paraphase "x"@en .\n'


def finding(**more: object) -> Finding:
    """Return a violation with other values."""
    usual: dict[str, object] = {"severity": "violation", "path": "a,b.ttl", "line": 3, "focus": "urn:x"}
    usual |= {
        "rule": f"{SHAPES}Wording",
        "message": "It is 100 % wrong:\nreally.",
        "advice": "Write another.",
    }
    return Finding(**usual | more)  # type: ignore[arg-type]  # the values of each test


def test_as_github_escapes_what_would_end_a_command() -> None:
    """Line ends and percent signs are escaped, in properties also commas and colons."""
    report = Report((finding(excerpt="words of a text"),), files=1)

    assert as_github(report).splitlines()[0] == (
        "::error file=a%2Cb.ttl,line=3,title=shapes%3AWording::"
        "urn:x: It is 100 %25 wrong:%0Areally. Write another."
    )
    assert "words of a text" not in as_github(report)


@pytest.mark.parametrize(("severity", "level"), [("warning", "warning"), ("info", "notice")])
def test_as_github_levels(severity: str, level: str) -> None:
    """Warnings are warnings, infos are notices; a finding without a line has none."""
    text = as_github(Report((finding(severity=severity, line=None, rule="uncovered"),)))

    assert text.startswith(f"::{level} file=a%2Cb.ttl,title=uncovered::")


def test_hooks_run_commands_that_exist(tmp_path: Path) -> None:
    """Each hook starts a command of ours with the files of the commit."""
    path = tmp_path / "broken.ttl"
    path.write_text(BROKEN, encoding="utf-8")
    for hook in yaml.safe_load((SHIPPED / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        program, *arguments = hook["entry"].split()
        done = subprocess.run(
            [SCRIPTS / program, *arguments, path], capture_output=True, text=True, check=False, timeout=300
        )

        assert (hook["language"], done.returncode) == ("python", {"check": 1, "format": 0}[arguments[0]])


@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_action_annotates_file_and_line(tmp_path: Path) -> None:
    """The last step of the action prints an annotation for each finding and fails on violations."""
    (tmp_path / "with space").mkdir()
    (tmp_path / "with space" / "broken.ttl").write_text(BROKEN, encoding="utf-8")
    action = yaml.safe_load((SHIPPED / "action.yml").read_text(encoding="utf-8"))
    step = action["runs"]["steps"][-1]
    given = dict.fromkeys(step["env"], "") | {"FILES": "with space/broken.ttl\n"}
    environment = os.environ | given | {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}
    assert BASH is not None
    done = subprocess.run(
        [BASH, "-e", "-c", step["run"]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert done.returncode == 1
    assert done.stdout.startswith("::error file=with space/broken.ttl,line=2")
    assert set(step["env"]) == {name.upper() for name in action["inputs"]} - {"PYTHON-VERSION"}
