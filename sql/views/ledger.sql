-- One row per source, brand, night and run: what was asked and what came back; brand "*" is every brand of the run.
select source, brand, night, run, status, asked, fetched, kept, duplicates, skipped, truncated, cost_micros
from raw.ledger
