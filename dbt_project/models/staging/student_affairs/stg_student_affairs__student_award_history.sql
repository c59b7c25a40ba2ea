-- Grain: one version of award_id、student_no, valid from <= moment < to.
with source as (

    {{ row_spans(source('student_affairs', 'student_award'), ['award_id', 'student_no']) }}

),

renamed as (

    select
        -- ids
        award_id,
        student_no,
        -- text
        record_type,
        award_name,
        scholarship_type,
        {{ label('scholarship_type', 'scholarship_type') }} as scholarship_type_label,
        grant_type,
        {{ label('grant_type', 'grant_type') }} as grant_type_label,
        achievement_type,
        {{ label('achievement_type', 'achievement_type') }} as achievement_type_label,
        award_class,
        {{ label('award_class', 'student_award_class') }} as award_class_label,
        level,
        {{ label('level', 'level') }} as level_label,
        competition_level,
        {{ label('competition_level', 'competition_level') }} as competition_level_label,
        grade,
        {{ label('grade', 'award_grade') }} as grade_label,
        academic_year,
        awarding_body,
        -- numbers
        amount,
        rank,
        team_size,
        -- dates
        award_date,
        notice_end_date,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
