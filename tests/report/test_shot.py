"""The picture of a mail: as high as the mail, no higher."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from pipeline.report import shot

pytestmark = pytest.mark.integration
BLOCK = """<!doctype html><body style="margin:0"><div style="height:{high}px"></div>
<p style="margin:0;height:9px;background:red">"""


@pytest.mark.parametrize("high", [500, 3100])
def test_the_picture_ends_where_the_mail_ends(tmp_path: Path, high: int) -> None:
    if not any(shutil.which(name) for name in shot.BROWSERS):
        pytest.skip("no Chromium here; install the package chromium")
    mail, picture = tmp_path / "mail.html", tmp_path / "mail.png"
    mail.write_text(BLOCK.format(high=high), "utf8")
    assert shot.shoot(mail, picture)
    with Image.open(picture) as taken:
        assert taken.size == (shot.WIDTH, high + 9)
        assert taken.convert("RGB").getpixel((10, high + 8)) == (255, 0, 0)


def test_without_a_browser_there_is_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shot, "BROWSERS", ())
    (tmp_path / "mail.html").write_text("<p>", "utf8")
    assert not shot.shoot(tmp_path / "mail.html", tmp_path / "mail.png")
