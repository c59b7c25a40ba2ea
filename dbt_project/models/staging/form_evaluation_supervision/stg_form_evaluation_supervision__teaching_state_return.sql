with source as (

    {{ latest_rows(source('form_evaluation_supervision', 'teaching_state_return'), ['table_no', 'year']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
