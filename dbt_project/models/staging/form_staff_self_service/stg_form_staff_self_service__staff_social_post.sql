with source as (

    {{ latest_rows(source('form_staff_self_service', 'staff_social_post'), ['record_no']) }}

),

renamed as (

    select
        -- ids
        record_no,
        staff_no,
        -- text
        organization,
        post,
        -- booleans
        approved as is_approved,
        paid as is_paid,
        -- dates
        start_date,
        end_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
