"""Tells the brand's own voice from its partners' and from everybody else's."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline.model import Brand, Ownership, Post


def ownership(brand: Brand, post: Post) -> Ownership:
    """Whether the post comes from an account of the brand, of a partner, or of neither.

    Accounts are `platform:account` ("x:dijon", "rss:example.org"), compared without case and without "@".
    """
    voices = _voices(post)
    if voices & _accounts(brand.owned):
        return "owned"
    return "partner" if voices & _accounts(brand.partners) else "earned"


def _accounts(listed: tuple[str, ...]) -> set[str]:
    return {account.lower().replace(":@", ":") for account in listed}


def _voices(post: Post) -> set[str]:
    """The names under which brand files may know the author: handle, id, and for articles the site."""
    site = (urlsplit(post.url).hostname or "").removeprefix("www.") if post.url and post.kind == "article" else ""
    names = (post.author_handle, post.author_id, site)
    return {f"{post.source}:{name.lstrip('@').lower()}" for name in names if name}
