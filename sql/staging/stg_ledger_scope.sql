-- One row per run and brand: which brands a run listened to.
select
    run,
    brand
from raw.ledger_scope
