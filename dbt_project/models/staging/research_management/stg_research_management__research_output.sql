with source as (

    {{ latest_rows(source('research_management', 'research_output'), ['output_no']) }}

),

renamed as (

    select
        -- ids
        output_no,
        patent_no,
        unit_code,
        -- text
        output_type,
        {{ label('output_type', 'publication_type') }} as output_type_label,
        title,
        journal_or_press,
        journal_level,
        {{ label('journal_level', 'journal_level') }} as journal_level_label,
        indexed_in,
        isbn_issn,
        patent_type,
        {{ label('patent_type', 'patent_type') }} as patent_type_label,
        award_class,
        {{ label('award_class', 'achievement_award_class') }} as award_class_label,
        award_level,
        {{ label('award_level', 'level') }} as award_level_label,
        award_grade,
        {{ label('award_grade', 'award_grade') }} as award_grade_label,
        -- numbers
        transfer_amount,
        -- dates
        published_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
