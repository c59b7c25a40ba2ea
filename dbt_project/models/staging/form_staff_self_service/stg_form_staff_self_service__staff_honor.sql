with source as (

    {{ latest_rows(source('form_staff_self_service', 'staff_honor'), ['record_no']) }}

),

renamed as (

    select
        -- ids
        record_no,
        staff_no,
        -- text
        honor_name,
        award_class,
        {{ label('award_class', 'staff_award_class') }} as award_class_label,
        level,
        {{ label('level', 'level') }} as level_label,
        grade,
        {{ label('grade', 'award_grade') }} as grade_label,
        awarding_body,
        -- dates
        award_date,
        -- technical
        {{ updated_at() }} as updated_at,
        batch_id
    from source

)

select * from renamed
