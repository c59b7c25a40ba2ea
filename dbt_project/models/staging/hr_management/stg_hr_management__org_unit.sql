with source as (

    {{ snapshot_rows(source('hr_management', 'org_unit'), ['unit_code']) }}

),

renamed as (

    select
        -- ids
        unit_code,
        parent_unit_code,
        leader_staff_no,
        sort_no,
        -- text
        unit_name,
        unit_type,
        {{ label('unit_type', 'unit_type') }} as unit_type_label,
        -- dates
        set_up_date,
        closed_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
