with author as (

    select
        author.*,
        coalesce(author.staff_no, author.student_no) as number,
        case when author.staff_no is not null then 'staff' else 'student' end as kind,
        count(*) over (partition by author.output_no) as authors
    from {{ ref('stg_research_management__research_output_author') }} as author

),

number as (

    select * from {{ ref('int_people__number') }}

)

select
    author.output_no,
    author.author_order,
    number.person_key,
    author.staff_no,
    author.student_no,
    author.author_name,
    author.role,
    author.role_label as role_name,
    author.is_corresponding,
    cast(author.authors as integer) as author_count,
    cast(1.0 / author.authors as double) as author_share,
    author.updated_at
from author
left join number on author.kind = number.kind and author.number = number.number
