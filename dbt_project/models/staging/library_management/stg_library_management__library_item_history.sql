-- Grain: one version of barcode, valid from <= moment < to.
{% set tracked = [
    'title', 'isbn', 'class_no', 'language', 'price', 'acquired_date', 'acquisition_mode', 'status',
    'location'
] %}

with source as (

    {{ snapshot_spans(source('library_management', 'library_item'), ['barcode'], tracked) }}

),

renamed as (

    select
        -- ids
        barcode,
        -- text
        title,
        isbn,
        class_no,
        {{ label('class_no', 'book_class') }} as class_no_label,
        language,
        acquisition_mode,
        {{ label('acquisition_mode', 'acquisition_mode') }} as acquisition_mode_label,
        status,
        {{ label('status', 'book_status') }} as status_label,
        location,
        -- numbers
        price,
        -- dates
        acquired_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
