with correction as (

    select * from {{ ref('stg_earlier__figure_correction') }}

),

definition as (

    select * from {{ ref('indicator') }}

),

school as (

    select indicator, period, value
    from {{ ref('int_statistics__figure') }}
    where level = 'school'

)

select
    cast(correction.correction_id as bigint) as correction_id,
    correction.indicator,
    correction.period,
    correction.corrected_on,
    correction.reason,
    case when definition.class = 'plain' then correction.value_before end as value_before,
    case
        when definition.class <> 'plain' then null
        when correction.release is null then school.value
        else correction.value_after
    end as value_after,
    correction.release
from correction
inner join definition on correction.indicator = definition.id
left join school on correction.indicator = school.indicator and correction.period = school.period
