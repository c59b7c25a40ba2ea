-- Grain: one calendar year and college. The people that the year's money and research are divided by: those of
-- its head-count (int_calendar__year).
select
    year.period,
    year.on_date,
    population.college_code,
    {% for count in population_counts() -%}
    population.{{ count }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_calendar__year') }} as year
inner join {{ ref('int_statistics__population') }} as population on year.census_period = population.period
