with source as (

    {{ snapshot_rows(source('real_name_authentication', 'identity_account'), ['account']) }}

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
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
