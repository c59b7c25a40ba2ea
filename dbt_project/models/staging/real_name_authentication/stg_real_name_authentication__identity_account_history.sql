-- Grain: one version of account, valid from <= moment < to.
{% set tracked = [
    'person_no', 'person_kind', 'id_verified', 'phone_bound', 'status', 'opened_date',
    'expires_date'
] %}

with source as (

    {{ snapshot_spans(source('real_name_authentication', 'identity_account'), ['account'], tracked) }}

),

renamed as (

    select
        -- ids
        account,
        person_no,
        -- text
        person_kind,
        status,
        -- booleans
        id_verified as is_id_verified,
        phone_bound as is_phone_bound,
        -- dates
        opened_date,
        expires_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
