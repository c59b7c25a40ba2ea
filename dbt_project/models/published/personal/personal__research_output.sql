with authorship as (

    select * from {{ ref('fct_research_authorship') }}

),

output as (

    select * from {{ ref('stg_research_management__research_output') }}

),

signed as (

    select output_no, {{ ordered_texts('author_name', 'author_order') }} as author_names
    from authorship
    group by output_no

),

unit as (

    select * from {{ ref('dim_organisation') }}

)

select
    authorship.person_key,
    output.output_no,
    output.output_type_label as output_type,
    output.title,
    output.published_date,
    output.journal_or_press,
    output.journal_level_label as journal_level,
    output.indexed_in,
    output.isbn_issn,
    output.patent_type_label as patent_type,
    output.patent_no,
    output.award_class_label as award_class,
    output.award_level_label as award_level,
    output.award_grade_label as award_grade,
    output.transfer_amount,
    unit.unit_name,
    authorship.author_order,
    authorship.author_count,
    authorship.author_share,
    signed.author_names,
    authorship.role_name as author_role,
    authorship.is_corresponding,
    greatest(output.updated_at, authorship.updated_at) as updated_at
from authorship
inner join output on authorship.output_no = output.output_no
inner join signed on authorship.output_no = signed.output_no
left join unit on output.unit_code = unit.unit_code
where authorship.person_key is not null
