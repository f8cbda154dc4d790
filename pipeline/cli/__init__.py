"""The same steps by hand: `rayonner ...`; the only room beside dags/ that reads the clock."""

from pipeline.cli.app import main

__all__ = ["main"]
