"""What a text makes one think of a place: themes, audiences, emotions (experimental), senses evoked."""

from pipeline.score.image.lexicon import KINDS, tags
from pipeline.score.image.reading import LANGUAGES, NAME, VERSION, Evidence, Image, evidence, read

__all__ = ["KINDS", "LANGUAGES", "NAME", "VERSION", "Evidence", "Image", "evidence", "read", "tags"]
