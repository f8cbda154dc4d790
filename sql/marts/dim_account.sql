-- One row per account that a brand file registers: its own, its partners', and the sites of the territory's press.
-- kind: table
select
    brand,
    role,
    name,
    source,
    author_key as author_number
from raw.account
