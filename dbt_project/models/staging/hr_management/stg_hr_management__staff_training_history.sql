-- Grain: one version of training_id, valid from <= moment < to.
with source as (

    {{ row_spans(source('hr_management', 'staff_training'), ['training_id']) }}

),

renamed as (

    select
        -- ids
        training_id,
        staff_no,
        -- text
        training_type,
        content,
        host,
        -- numbers
        hours,
        -- booleans
        is_enterprise_practice,
        -- dates
        start_date,
        end_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
