with source as (

    {{ snapshot_rows(source('library_management', 'library_item'), ['barcode']) }}

),

renamed as (

    select
        -- ids
        barcode,
        class_no as book_class,
        -- text
        title,
        isbn,
        language as book_language,
        acquisition_mode,
        status as book_status,
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
