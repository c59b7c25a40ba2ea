-- Grain: one version of mailbox, valid from <= moment < to.
{% set tracked = [
    'owner_no', 'owner_kind', 'created_date', 'status', 'quota_mb', 'two_factor'
] %}

with source as (

    {{ snapshot_spans(source('email_system', 'mail_account'), ['mailbox'], tracked) }}

),

renamed as (

    select
        -- ids
        mailbox,
        owner_no,
        -- text
        owner_kind,
        status,
        -- numbers
        quota_mb,
        -- booleans
        two_factor as is_two_factor,
        -- dates
        created_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
