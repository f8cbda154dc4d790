from __future__ import annotations

from datetime import UTC, datetime

from pipeline.match import ownership
from pipeline.model import Brand, Post

BRAND = Brand("b", "B", "T", None, "commune", owned=("x:dijon", "rss:dijon.fr"), partners=("x:@OfficeTourisme",))
AT = datetime(2026, 1, 5, tzinfo=UTC)


def post(**known: object) -> Post:
    return Post(source="x", post_id="1", created_at=AT, seen_at=AT, text="", **known)  # type: ignore[arg-type]


def test_an_account_of_the_brand_owns_its_posts() -> None:
    assert ownership(BRAND, post(author_handle="@Dijon")) == "owned"


def test_a_partner_is_known_without_case_and_at_sign() -> None:
    assert ownership(BRAND, post(author_handle="officetourisme")) == "partner"


def test_the_same_handle_elsewhere_is_somebody_else() -> None:
    assert (
        ownership(BRAND, Post(source="bluesky", post_id="1", created_at=AT, seen_at=AT, text="", author_handle="dijon"))
        == "earned"
    )


def test_an_article_is_owned_by_its_site() -> None:
    article = Post(
        source="rss", post_id="1", created_at=AT, seen_at=AT, text="", kind="article", url="https://www.dijon.fr/a"
    )
    assert ownership(BRAND, article) == "owned"


def test_everybody_else_is_earned() -> None:
    assert ownership(BRAND, post()) == "earned"
