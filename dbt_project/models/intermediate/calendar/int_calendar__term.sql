-- Grain: one term in which a class is taught. Start and end are nominal until a source delivers the calendar.
with class as (

    select distinct term_code from {{ ref('stg_academic_affairs__teaching_class') }}

),

parts as (

    select
        term_code,
        substr(term_code, 1, 9) as academic_year,
        substr(term_code, 11, 1) as season,
        substr(term_code, 1, 4) as first_year,
        substr(term_code, 6, 4) as second_year
    from class

)

select
    term_code,
    academic_year,
    cast(season as integer) as term_no,
    case season
        when '1' then {{ date_of('first_year', 9, 1) }}
        when '2' then {{ date_of('second_year', 2, 1) }}
        else {{ date_of('second_year', 7, 1) }}
    end as nominal_start_date,
    case season
        when '1' then {{ date_of('second_year', 1, 31) }}
        when '2' then {{ date_of('second_year', 6, 30) }}
        else {{ date_of('second_year', 8, 31) }}
    end as nominal_end_date
from parts
