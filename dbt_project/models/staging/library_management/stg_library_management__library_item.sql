with source as (

    {{ snapshot_rows(source('library_management', 'library_item'), ['barcode']) }}

),

renamed as (

    select
        -- ids
        barcode,
        class_no as book_class,
        {{ label('class_no', 'book_class') }} as book_class_label,
        -- text
        title,
        isbn,
        language as book_language,
        acquisition_mode,
        {{ label('acquisition_mode', 'acquisition_mode') }} as acquisition_mode_label,
        status as book_status,
        {{ label('status', 'book_status') }} as book_status_label,
        location,
        -- numbers
        price,
        -- dates
        acquired_date,
        -- technical
        {{ updated_at() }} as updated_at,
        ended_at
    from source

)

select * from renamed
