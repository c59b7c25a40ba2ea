{#- Periods of figures by academic year, written '2025-2026' (1 September to 31 August). -#}

{#- The last day an academic year's events reach: 31 August, or the as-of date while it runs. -#}
{% macro academic_year_end(academic_year) -%}
    case
        when {{ date_of('substr(' ~ academic_year ~ ', 6, 4)', 8, 31) }} < {{ as_of_date() }}
            then {{ date_of('substr(' ~ academic_year ~ ', 6, 4)', 8, 31) }}
        else {{ as_of_date() }}
    end
{%- endmacro %}

{#- The academic year a day lies in. -#}
{% macro academic_year_of(day) -%}
    case
        when {{ month_of(day) }} >= 9
            then cast({{ year_of(day) }} as string) || '-' || cast({{ year_of(day) }} + 1 as string)
        else cast({{ year_of(day) }} - 1 as string) || '-' || cast({{ year_of(day) }} as string)
    end
{%- endmacro %}

{#- The head-count an academic year is measured against: 30 September of its first year. -#}
{% macro census_of(academic_year) -%}
    substr({{ academic_year }}, 1, 4)
{%- endmacro %}

{#- A day of a year, or the as-of date where that day is still to come. -#}
{% macro reached_day(year, month, day) -%}
    case
        when {{ date_of(year, month, day) }} < {{ as_of_date() }} then {{ date_of(year, month, day) }}
        else {{ as_of_date() }}
    end
{%- endmacro %}
