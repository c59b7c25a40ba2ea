-- Each of the 65 items with what is held of it: how many of the people it may be due from have it, and the
-- oldest and newest change. These people: staff employed and students enrolled at the as-of date.
with item as (

    select * from {{ ref('stg_hub__item') }}

),

staff_due as (

    select person_key from {{ ref('dim_staff') }}
    where is_latest and on_post_status in {{ employed_statuses() }} and staff_category not in {{ external_categories() }}
    group by person_key

),

student_due as (

    select person_key from {{ ref('dim_student') }}
    where is_enrolled
    group by person_key

),

due as (

    select 'staff' as person_kind, count(*) as people from staff_due
    union all
    select 'student' as person_kind, count(*) as people from student_due

),

held as (

    {% for holder in item_holders() %}
    {%- set people = 'staff_due' if holder.item.startswith('A3') else 'student_due' %}
    select
        '{{ holder.item }}' as code,
        '{{ tojson(holder.tables) }}' as holders,
        {{ holder.due }} as is_due,
        count(distinct case
            when {{ people }}.person_key is not null and found.is_held then found.person_key
        end) as people_held,
        min(case when found.is_held then found.updated_at end) as oldest,
        max(case when found.is_held then found.updated_at end) as newest
    from (
        {% for table in holder.tables %}
        select person_key, updated_at, {{ table.columns[0] }} is not null as is_held
        from {{ ref('personal__' ~ table.table) }}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as found
    left join {{ people }} on found.person_key = {{ people }}.person_key
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    item.code,
    item.name,
    cast(item.annex as string) as annex,
    item.person_kind,
    item.owner_id,
    item.owner,
    nullif(item.deadline, '') as deadline,
    nullif(item.note, '') as note,
    item.source_code,
    coalesce(held.holders, '[]') as holders,
    cast(coalesce(held.people_held, 0) as bigint) as people_held,
    cast(due.people as bigint) as people_due,
    {{ ratio('coalesce(held.people_held, 0)', 'due.people') }} as coverage,
    coalesce(held.is_due, true) as is_due,
    held.oldest,
    held.newest
from item
left join held on item.code = held.code
left join due on item.person_kind = due.person_kind
