-- Grain: one version of unit_code, valid from <= moment < to.
{% set tracked = [
    'unit_name', 'parent_unit_code', 'unit_type', 'leader_staff_no', 'set_up_date', 'closed_date',
    'sort_no'
] %}

with source as (

    {{ snapshot_spans(source('hr_management', 'org_unit'), ['unit_code'], tracked) }}

),

renamed as (

    select
        -- ids
        unit_code,
        parent_unit_code,
        leader_staff_no,
        -- text
        unit_name,
        unit_type,
        {{ label('unit_type', 'unit_type') }} as unit_type_label,
        -- numbers
        sort_no,
        -- dates
        set_up_date,
        closed_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
