-- Grain: one teaching class and one of its teachers; the lead teacher comes first, the others in the order in
-- which the class lists them (up to twenty). Who is listed twice counts once, at the first place.
with class as (

    select
        class_no,
        lead_staff_no,
        replace(replace(replace(other_staff_nos, ';', ','), '；', ','), '，', ',') as other_staff_nos,
        updated_at
    from {{ ref('stg_academic_affairs__teaching_class') }}

),

place as (

    {{ numbers(1, 20) }}

),

listed as (

    select class_no, lead_staff_no as staff_no, 0 as place, updated_at
    from class
    union all
    select
        class.class_no,
        trim(split_part(class.other_staff_nos, ',', place.number)) as staff_no,
        place.number as place,
        class.updated_at
    from class
    cross join place
    where class.other_staff_nos is not null

)

select
    class_no,
    staff_no,
    min(place) = 0 as is_lead,
    max(updated_at) as updated_at
from listed
where staff_no <> ''
group by class_no, staff_no
