with source as (

    select * from {{ ref('stg_library_management__e_resource_usage') }}

)

select
    source.resource_code,
    source.resource_name,
    source.month,
    source.visits,
    source.downloads,
    source.e_books,
    source.e_journals,
    source.updated_at
from source
