with source as (

    {{ latest_rows(source('it_operations', 'it_ticket'), ['ticket_no']) }}

),

renamed as (

    select
        -- ids
        ticket_no,
        reporter_no,
        device_code,
        -- text
        category,
        priority,
        -- numbers
        satisfaction,
        -- dates
        opened_at,
        responded_at,
        closed_at,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
