with source as (

    {{ latest_rows(source('hr_management', 'staff_training'), ['training_id']) }}

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
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
