-- Grain: indicator, period, level, unit. 新生报到率 = those who registered ÷ those admitted, by the year of
-- admission and the major admitted to. Registration is open to the end of October.
with admitted as (

    select * from {{ ref('stg_admissions__admission_record') }}

),

registered as (

    select exam_no from {{ ref('stg_freshman_onboarding__freshman_registration') }}
    where report_status = '报到'

),

major as (

    select * from {{ ref('stg_academic_affairs__major') }}

),

unit as (

    select * from {{ ref('int_organisation__unit') }}

),

candidate as (

    select
        cast(admitted.year as string) as period,
        {{ reached_day('admitted.year', 10, 31) }} as on_date,
        unit.college_code,
        admitted.major_code,
        registered.exam_no is not null as is_registered
    from admitted
    left join registered on admitted.exam_no = registered.exam_no
    left join major on admitted.major_code = major.major_code
    left join unit on major.college_code = unit.unit_code

),

levels as (

    {{ student_levels('candidate', ['school', 'college', 'major']) }}

),

cells as (

    select
        period,
        on_date,
        level,
        unit,
        max(parent_unit) as parent_unit,
        count(*) as admitted,
        sum(case when is_registered then 1 else 0 end) as registered
    from levels
    group by period, on_date, level, unit

)

{{ indicator_row('freshman_registration_rate', 'registered', 'admitted', ratio('registered', 'admitted', 100),
    smallest_group('least(registered, admitted)', ['admitted - registered'])) }}
from cells
