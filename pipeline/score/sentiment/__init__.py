"""One file per language or tier; each is a scorer with a name and a version."""
