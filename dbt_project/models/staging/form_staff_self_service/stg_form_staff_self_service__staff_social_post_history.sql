-- Grain: one version of record_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_staff_self_service', 'staff_social_post'), ['record_no']) }}

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
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
