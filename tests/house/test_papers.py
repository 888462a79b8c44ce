"""What the papers beside the code must say, and what the locks must not."""

import re
from pathlib import Path

import pytest

from consult import config

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    missing = [setting.name for setting in config.SETTINGS if f"`{setting.name}`" not in readme]
    assert not missing, f"Add to the README's settings: {missing}"


def test_every_setting_that_is_read_is_listed():
    read = set(
        re.findall(r'(?:env|given)\.get\("([A-Z_]+)"\)', (ROOT / "consult/config.py").read_text("utf-8"))
    )
    assert read == {setting.name for setting in config.SETTINGS}


def test_nothing_but_the_settings_reads_the_environment():
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "consult").rglob("*.py")
        if path.name != "config.py" and re.search(r"os\.environ|os\.getenv", path.read_text("utf-8"))
    ]
    assert not wrong


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-extras.lock", "requirements-test.lock"])
def test_a_lock_names_packages_and_hashes_alone(name):
    for line in (ROOT / name).read_text("utf-8").splitlines():
        bare = line.strip()
        if bare.startswith("#"):
            continue
        assert not re.match(r"--(?!hash=sha256:)", bare), line
        assert "://" not in bare, line
        assert "file:" not in bare, line
        assert " /" not in bare, line


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-extras.lock", "requirements-test.lock"])
def test_every_locked_package_has_a_hash(name):
    text = (ROOT / name).read_text("utf-8")
    for entry in re.split(r"\n(?=[a-z0-9])", text):
        if re.match(r"[a-z0-9]", entry):
            assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_six_packages_of_the_card_are_in_use():
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "consult").rglob("*.py"))
    for package, module in [
        ("flask", "flask"),
        ("flask-sqlalchemy", "flask_sqlalchemy"),
        ("flask-login", "flask_login"),
        ("markdown", "markdown"),
        ("bleach", "bleach"),
    ]:
        assert f'"{package}' in project
        assert re.search(rf"^(from|import) {module}\b", sources, re.M), f"{package} is not used"
    assert '"pytest' in project


def test_the_papers_are_there():
    for name in ("README.md", "CHANGELOG.md", "LICENSE", "Makefile", ".ci/run", "wsgi.py"):
        assert (ROOT / name).is_file(), name
