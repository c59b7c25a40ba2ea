-- Grain: one version of ticket_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('it_operations', 'it_ticket'), ['ticket_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
