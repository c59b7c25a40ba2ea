-- Grain: one version of parcel_code, valid from <= moment < to.
{% set tracked = [
    'campus', 'area', 'property_right', 'green_area', 'sports_area', 'certificate_no'
] %}

with source as (

    {{ snapshot_spans(source('property_management', 'land_parcel'), ['parcel_code'], tracked) }}

),

renamed as (

    select
        -- ids
        parcel_code,
        certificate_no,
        -- text
        campus,
        property_right,
        {{ label('property_right', 'property_right') }} as property_right_label,
        -- numbers
        area,
        green_area,
        sports_area,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
