-- Grain: one student and first day of a state. From the day of entry on, what is known of college, major,
-- class and status: each snapshot and each status change is an observation; between two observations the
-- earlier one holds, before the first one the next one's "before" holds.
with student as (

    select * from {{ ref('stg_student_affairs__student_status') }}

),

seen as (

    select * from {{ ref('stg_student_affairs__student_status_states') }}

),

changes as (

    select * from {{ ref('stg_student_affairs__student_status_change') }}
    where effective_date is not null and effective_date <= {{ as_of_date() }}

),

observations as (

    select
        student_no,
        entry_date as on_date,
        0 as rank,
        0 as snapshot_no,
        '' as change_id,
        {% for column in ['college', 'major', 'class', 'status'] %}
        cast(null as string) as {{ column }}_before, cast(null as string) as {{ column }}_after
        {{- ',' if not loop.last }}
        {% endfor %}
    from student
    where entry_date is not null
    union all
    select
        student_no, {{ beijing_date('seen_at') }}, 1, snapshot_no, '',
        college_code, college_code, major_code, major_code, class_code, class_code,
        current_status, current_status
    from seen
    where not is_deleted
    union all
    -- graduation comes without a status change: it is dated by the month of graduation
    select
        student.student_no, {{ month_end('student.expected_graduation') }}, 2, 0, '',
        null, null, null, null, null, null, '01', student.current_status
    from student
    where
        student.current_status in {{ completed_statuses() }}
        and {{ month_end('student.expected_graduation') }} <= {{ beijing_date('student.updated_at') }}
        and not exists (
            select 1 from changes
            where changes.student_no = student.student_no and changes.to_status in {{ ended_statuses() }}
        )
    union all
    select
        student_no, effective_date, 3, 0, change_id,
        from_college, to_college, from_major, to_major, from_class, to_class, from_status, to_status
    from changes

),

dated as (

    select
        observations.*,
        case
            when observations.on_date < student.entry_date then student.entry_date
            else observations.on_date
        end as valid_from
    from observations
    inner join student on observations.student_no = student.student_no

),

filled as (

    select
        student_no,
        valid_from,
        row_number() over (
            partition by student_no, valid_from order by rank desc, on_date desc, snapshot_no desc, change_id desc
        ) as rank_of_day,
        {% for column in ['college', 'major', 'class', 'status'] %}
        coalesce(
            {{ last_known(column ~ '_after', 'student_no', 'valid_from, rank, on_date, snapshot_no, change_id') }},
            {{ next_known(column ~ '_before', 'student_no', 'valid_from, rank, on_date, snapshot_no, change_id') }}
        ) as {{ column }}_code
        {{- ',' if not loop.last }}
        {% endfor %}
    from dated

),

days as (

    select
        filled.*,
        lag(valid_from) over (partition by student_no order by valid_from) as previous_from,
        {% for column in ['college', 'major', 'class', 'status'] %}
        lag({{ column }}_code) over (partition by student_no order by valid_from) as previous_{{ column }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from filled
    where rank_of_day = 1

),

turns as (

    select *
    from days
    where
        previous_from is null
        {% for column in ['college', 'major', 'class', 'status'] %}
        or {{ column }}_code is distinct from previous_{{ column }}
        {% endfor %}

),

spans as (

    select
        turns.*,
        lead(valid_from) over (partition by student_no order by valid_from) as next_from
    from turns

)

select
    spans.student_no,
    spans.valid_from,
    coalesce(spans.next_from, {{ beijing_date('student.ended_at') }}) as valid_to,
    spans.next_from is null as is_latest,
    spans.college_code,
    spans.major_code,
    spans.class_code,
    spans.status_code as current_status
from spans
inner join student on spans.student_no = student.student_no
