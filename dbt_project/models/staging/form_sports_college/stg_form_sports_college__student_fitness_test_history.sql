-- Grain: one version of student_no、year, valid from <= moment < to.
with source as (

    {{ row_spans(source('form_sports_college', 'student_fitness_test'), ['student_no', 'year']) }}

),

renamed as (

    select
        -- ids
        student_no,
        year,
        -- text
        fitness_grade,
        {{ label('fitness_grade', 'fitness_grade') }} as fitness_grade_label,
        -- numbers
        height_cm,
        weight_kg,
        bmi_score,
        lung_capacity,
        run_50m,
        sit_reach,
        long_jump,
        strength,
        endurance_seconds,
        total_score,
        -- booleans
        exempt as is_exempt,
        -- technical
        valid_from,
        valid_to,
        is_deleted
    from source

)

select * from renamed
