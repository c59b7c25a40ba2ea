-- Grain: one staff number and identity it was ever delivered with, in whichever snapshot.
with source as (

    select * from {{ source('hr_management', 'staff_basic') }}

),

renamed as (

    select
        -- ids
        staff_no,
        upper(id_card_no) as id_card_no,
        -- text
        name,
        id_doc_type as id_document_type,
        -- dates
        birth_date
    from source
    where not is_deleted
    group by 1, 2, 3, 4, 5

)

select * from renamed
