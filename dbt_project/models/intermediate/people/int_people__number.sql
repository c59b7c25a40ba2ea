-- Grain: one staff or student number. Numbers that name the same identity document are one person;
-- the person's key is made from the first number the person had, so it outlives a change of role.
with student as (

    select * from {{ ref('stg_student_affairs__student_status') }}

),

student_left as (

    select student_no, max(effective_date) as left_on
    from {{ ref('stg_student_affairs__student_status_change') }}
    where to_status in {{ ended_statuses() }}
    group by student_no

),

staff as (

    select * from {{ ref('stg_hr_management__staff_basic') }}

),

numbers as (

    select
        'student' as kind,
        student.student_no as number,
        student.name as display_name,
        coalesce(student.id_document_type, '1') || ':' || nullif(student.id_card_no, '') as document,
        student.entry_date as valid_from,
        case
            when student.ended_at is not null then {{ beijing_date('student.ended_at') }}
            when student.current_status in {{ ended_statuses() }} then coalesce(
                student_left.left_on,
                case
                    when student.current_status in {{ completed_statuses() }}
                        then {{ month_end('student.expected_graduation') }}
                end,
                {{ beijing_date('student.updated_at') }}
            )
        end as valid_to
    from student
    left join student_left on student.student_no = student_left.student_no
    union all
    select
        'staff' as kind,
        staff.staff_no as number,
        staff.name as display_name,
        coalesce(staff.id_document_type, '1') || ':' || nullif(staff.id_card_no, '') as document,
        staff.joined_school_date as valid_from,
        coalesce(
            staff.left_date,
            {{ beijing_date('staff.ended_at') }},
            case
                when staff.on_post_status in {{ departed_statuses() }}
                    then {{ beijing_date('staff.updated_at') }}
            end
        ) as valid_to
    from staff

),

joined as (

    select
        numbers.*,
        first_value(kind || ':' || number) over (
            partition by coalesce(document, kind || ':' || number)
            order by coalesce(valid_from, {{ as_of_date() }}), kind, number
            rows between unbounded preceding and unbounded following
        ) as first_number,
        row_number() over (
            partition by coalesce(document, kind || ':' || number)
            order by coalesce(valid_from, {{ as_of_date() }}) desc, kind desc, number desc
        ) as latest_rank
    from numbers

)

select
    cast({{ hash_key('first_number') }} as bigint) as person_key,
    kind,
    number,
    display_name,
    valid_from,
    case when valid_to < valid_from then valid_from else valid_to end as valid_to,
    latest_rank = 1 as is_latest_number
from joined
