-- One row per night, from the first one known to the last one published.
-- kind: table
select
    night,
    day_number,
    weekday,
    month_length,
    week,
    week_end,
    month,
    month_end
from raw.night
