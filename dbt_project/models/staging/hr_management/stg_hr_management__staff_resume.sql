with source as (

    {{ latest_rows(source('hr_management', 'staff_resume'), ['staff_no', 'seq']) }}

),

renamed as (

    select
        -- ids
        staff_no,
        seq,
        -- text
        organization,
        role,
        kind,
        -- dates
        start_month,
        end_month,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
