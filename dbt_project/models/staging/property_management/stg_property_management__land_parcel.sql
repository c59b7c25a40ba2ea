with source as (

    {{ snapshot_rows(source('property_management', 'land_parcel'), ['parcel_code']) }}

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
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
