"""The sample needs no replay: its story is the replay."""

from datetime import date

from pipeline.model import Window

WINDOW = Window.night(date(2026, 1, 12))


def settings(tmp_path):
    return {}
