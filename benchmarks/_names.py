"""The names every contender looks for: those of the catalogue's places and brands."""

from pipeline import brands, settings


def names(catalogue: str) -> dict[str, str]:
    """Each name and the slug of its brand; the first brand that has a name keeps it."""
    found: dict[str, str] = {}
    for brand in brands.catalogue(catalogue, settings.ROOT / "brands"):
        for name in brand.places + brand.names:
            found.setdefault(name, brand.slug)
    return found
