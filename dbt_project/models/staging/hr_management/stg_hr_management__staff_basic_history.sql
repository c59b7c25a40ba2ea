-- Grain: one version of staff_no, valid from <= moment < to.
{% set tracked = [
    'name', 'sex', 'birth_date', 'id_doc_type', 'id_card_no', 'work_start_date', 'ethnicity',
    'native_place', 'personnel_relation_type', 'on_post_status', 'on_post_term',
    'joined_school_date', 'teaching_start_month', 'staff_category', 'staff_source', 'nationality',
    'left_date', 'leaving_reason'
] %}

with source as (

    {{ snapshot_spans(source('hr_management', 'staff_basic'), ['staff_no'], tracked) }}

),

renamed as (

    select
        -- ids
        staff_no,
        upper(id_card_no) as id_card_no,
        -- text
        name,
        sex,
        {{ label('sex', 'sex') }} as sex_label,
        id_doc_type as id_document_type,
        {{ label('id_doc_type', 'id_document_type') }} as id_document_type_label,
        ethnicity,
        {{ label('ethnicity', 'ethnicity') }} as ethnicity_label,
        native_place,
        {{ label('native_place', 'administrative_division') }} as native_place_label,
        personnel_relation_type,
        {{ label('personnel_relation_type', 'personnel_relation_type') }} as personnel_relation_type_label,
        on_post_status,
        {{ label('on_post_status', 'on_post_status') }} as on_post_status_label,
        on_post_term,
        staff_category,
        {{ label('staff_category', 'staff_category') }} as staff_category_label,
        staff_source,
        {{ label('staff_source', 'staff_source') }} as staff_source_label,
        nationality,
        leaving_reason,
        {{ label('leaving_reason', 'leaving_reason') }} as leaving_reason_label,
        -- dates
        birth_date,
        work_start_date,
        joined_school_date,
        teaching_start_month,
        left_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
