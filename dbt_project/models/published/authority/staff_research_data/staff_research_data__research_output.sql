with source as (

    select * from {{ ref('stg_research_management__research_output') }}

)

select
    source.output_no,
    source.output_type,
    source.title,
    source.published_date,
    source.journal_or_press,
    source.journal_level,
    source.indexed_in,
    source.isbn_issn,
    source.patent_type,
    source.patent_no,
    source.award_class,
    source.award_level,
    source.award_grade,
    source.transfer_amount,
    source.unit_code,
    source.updated_at
from source
