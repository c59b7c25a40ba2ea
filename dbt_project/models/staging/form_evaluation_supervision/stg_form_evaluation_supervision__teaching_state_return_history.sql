-- Grain: one version of table_no、year, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_evaluation_supervision', 'teaching_state_return'), ['table_no', 'year']) }}

),

renamed as (

    select
        -- ids
        table_no,
        year,
        responsible_unit,
        -- text
        signed_by,
        -- numbers
        row_count,
        check_errors,
        -- dates
        frozen_at,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
