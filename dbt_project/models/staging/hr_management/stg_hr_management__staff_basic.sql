with source as (

    {{ snapshot_rows(source('hr_management', 'staff_basic'), ['staff_no']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        upper(id_card_no) as id_card_no,
        -- text
        name,
        sex,
        id_doc_type as id_document_type,
        ethnicity,
        native_place,
        personnel_relation_type,
        on_post_status,
        on_post_term,
        teaching_start_month,
        staff_category,
        staff_source,
        nationality,
        leaving_reason,
        -- dates
        birth_date,
        work_start_date,
        joined_school_date,
        left_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
