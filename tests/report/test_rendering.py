"""Reports as a reader sees them, where LibreOffice or Chromium is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fundsim.report.document.web import html_bytes
from fundsim.report.document.word import word_bytes
from fundsim.report.typeface import FONT

from .conftest import document_of, run_of

pytestmark = pytest.mark.render

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <test name="lang" compare="contains"><string>zh</string></test>
    <edit name="family" mode="append" binding="strong"><string>Noto Sans SC</string></edit>
  </match>
</fontconfig>
"""
PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


def program(*names: str) -> str:
    """Return the first of some programs; without any the test is skipped, or fails if it must not be."""
    found = [place for place in map(shutil.which, names) if place]
    if found:
        return found[0]
    missing = f"none of {', '.join(names)} is installed"
    if "render" in os.environ.get("FUNDSIM_REQUIRE", "").split(","):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Fonts for the Chinese text: the one that fundsim brings."""
    config = tmp_path / "fonts.conf"
    config.write_text(FONTS.format(fonts=FONT.parent, cache=tmp_path / "fonts"), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)}


def called(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, timeout=300, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr.decode("utf-8", errors="replace")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["minimal", "jinan_2024_2027"])
def test_libreoffice_makes_pages_of_the_text(name, lang, tmp_path, environment):
    office = program("soffice", "libreoffice")
    file = tmp_path / "report.docx"
    file.write_bytes(word_bytes(run_of(name), document_of(name, lang)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    called(
        [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)],
        environment,
    )
    assert len(PAGE.findall((tmp_path / "report.pdf").read_bytes())) >= 4


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_chromium_prints_the_page(lang, tmp_path, environment):
    browser = program("chromium", "chromium-browser", "google-chrome")
    file, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    file.write_bytes(html_bytes(document_of("jinan_2024_2027", lang)))
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    called([browser, *options, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri()], environment)
    assert len(PAGE.findall(pdf.read_bytes())) >= 4
    picture = tmp_path / "report.png"
    called(
        [browser, *options, f"--screenshot={picture}", "--window-size=390,2000", file.as_uri()], environment
    )
    assert picture.read_bytes()[:4] == b"\x89PNG"
