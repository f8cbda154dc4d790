-- One row per source, brand ("*" is every brand of the run), night and run: what was asked and what came back.
-- `status_rank` orders the answers: 4 complete, 3 partial, 2 out of budget, 1 failed, 0 switched off.
select
    source,
    brand,
    run,
    status,
    case
        when status = 'complete' and not truncated then 4
        when status in ('complete', 'partial') then 3
        when status = 'budget' then 2
        when status = 'off' then 0
        else 1
    end as status_rank,
    asked as asked_count,
    fetched as fetched_count,
    kept as kept_count,
    duplicates as duplicate_count,
    skipped as skipped_count,
    cost_micros,
    truncated as is_truncated,
    night
from raw.ledger
