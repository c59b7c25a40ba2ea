-- Grain: one staff or student number. Numbers whose document, name and birth date all agree, or once agreed, are
-- one person (a document alone may be 无 for many): a document that one system has mended and the other has not
-- yet parts nobody. The person's key is made from the first number the person had, so it outlives a change of
-- role and a mended document. A number that was delivered for two people, that is, with
-- identities of which not even two of document, name and birth date agree, was given out again: its records
-- cannot be told apart, so it gets a key of its own that nobody can sign in to, and joins nobody.
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

identity as (

    select
        'student' as kind,
        student_no as number,
        coalesce(id_document_type, '1') || ':' || nullif(id_card_no, '') as document,
        name,
        birth_date
    from {{ ref('stg_student_affairs__student_status_identity') }}
    union all
    select
        'staff' as kind,
        staff_no as number,
        coalesce(id_document_type, '1') || ':' || nullif(id_card_no, '') as document,
        name,
        birth_date
    from {{ ref('stg_hr_management__staff_basic_identity') }}

),

given_again as (

    select distinct one.kind, one.number
    from identity as one
    inner join identity as other on one.kind = other.kind and one.number = other.number
    where case when one.document is not distinct from other.document then 1 else 0 end
        + case when one.name is not distinct from other.name then 1 else 0 end
        + case when one.birth_date is not distinct from other.birth_date then 1 else 0 end < 2

),

numbers as (

    select
        'student' as kind,
        student.student_no as number,
        student.name as display_name,
        student.birth_date,
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
        staff.birth_date,
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

version as (

    select kind, number, document, name, birth_date from identity
    union
    select kind, number, document, display_name, birth_date from numbers

),

reached_0 as (

    -- a number and what identified its holder at some time; null marks join nothing
    select
        version.kind || ':' || version.number as node,
        version.document || '|' || replace(version.name, ' ', '') || '|' || cast(version.birth_date as string) as mark,
        version.kind || ':' || version.number as person_group
    from version
    left join given_again on version.kind = given_again.kind and version.number = given_again.number
    where given_again.number is null and version.document is not null and version.birth_date is not null

),

-- Numbers that share a mark get the smallest name among them; a person with more numbers than there are rounds,
-- each joined to the next by another document, does not exist.
{% for round in range(1, 5) %}
marked_{{ round }} as (

    select node, mark, min(person_group) over (partition by mark) as person_group
    from reached_{{ round - 1 }}

),

reached_{{ round }} as (

    select node, mark, min(person_group) over (partition by node) as person_group
    from marked_{{ round }}

),
{% endfor %}

one_person as (

    select distinct node, person_group from reached_4

),

grouped as (

    select
        numbers.*,
        given_again.number is not null as is_given_again,
        case
            when given_again.number is not null
                then numbers.kind || ':' || numbers.number || '@' || coalesce(numbers.document, numbers.display_name)
            else coalesce(one_person.person_group, numbers.kind || ':' || numbers.number)
        end as person_group
    from numbers
    left join given_again on numbers.kind = given_again.kind and numbers.number = given_again.number
    left join one_person on numbers.kind || ':' || numbers.number = one_person.node

),

joined as (

    select
        grouped.*,
        first_value(case when is_given_again then person_group else kind || ':' || number end) over (
            partition by person_group
            order by coalesce(valid_from, {{ as_of_date() }}), kind, number
            rows between unbounded preceding and unbounded following
        ) as first_number,
        row_number() over (
            partition by person_group
            order by coalesce(valid_from, {{ as_of_date() }}) desc, kind desc, number desc
        ) as latest_rank
    from grouped

)

select
    cast({{ hash_key('first_number') }} as bigint) as person_key,
    kind,
    number,
    display_name,
    valid_from,
    case when valid_to < valid_from then valid_from else valid_to end as valid_to,
    latest_rank = 1 as is_latest_number,
    is_given_again
from joined
