{#- Annex 4: see holders.sql. -#}
{% macro student_item_holders() %}
    {{ return([
        {'item': 'A4-13', 'due': true, 'tables': [
            {'table': 'fee_bill', 'columns': ['bill_no', 'academic_year', 'fee_item', 'due_amount', 'paid_amount', 'outstanding_amount', 'fee_status']},
            {'table': 'fee_payment', 'columns': ['payment_no', 'paid_at', 'amount', 'channel', 'invoice_no']}]},
        {'item': 'A4-20', 'due': true, 'tables': [{'table': 'student', 'columns': ['student_no', 'name', 'student_category', 'college_name', 'major_name', 'class_code', 'current_status', 'register_status']}]},
        {'item': 'A4-21', 'due': false, 'tables': [{'table': 'student_status_change', 'columns': ['change_type', 'change_reason', 'effective_date']}]},
        {'item': 'A4-22', 'due': true, 'tables': [{'table': 'course_selection', 'columns': ['class_no', 'course_name', 'selected_at']}]},
        {'item': 'A4-23', 'due': true, 'tables': [{'table': 'course_grade', 'columns': ['class_no', 'total_score', 'grade_label', 'grade_point', 'credits_earned', 'passed']}]},
        {'item': 'A4-25', 'due': false, 'tables': [{'table': 'library_loan', 'columns': ['loan_id', 'title', 'borrowed_at', 'returned_at']}]},
    ]) }}
{% endmacro %}

{% macro student_sources() %}
    {{ return([
        {'table': 'student', 'source': 'student_affairs', 'landed': 'student_status'},
        {'table': 'student_status_change', 'source': 'student_affairs', 'landed': 'student_status_change'},
        {'table': 'course_selection', 'source': 'academic_affairs', 'landed': 'course_selection'},
        {'table': 'course_grade', 'source': 'academic_affairs', 'landed': 'course_grade'},
        {'table': 'term_summary', 'source': 'academic_affairs', 'landed': 'course_grade', 'items': ['A4-23']},
        {'table': 'library_loan', 'source': 'library_management', 'landed': 'library_loan'},
        {'table': 'meal_day', 'source': 'student_meal_card', 'landed': 'meal_transaction', 'datasets': ['A2-06']},
        {'table': 'meal_transaction', 'source': 'student_meal_card', 'landed': 'meal_transaction', 'datasets': ['A2-06']},
        {'table': 'meal_account', 'source': 'student_meal_card', 'landed': 'meal_account', 'datasets': ['A2-06']},
        {'table': 'fee_bill', 'source': 'tuition_collection', 'landed': 'fee_bill'},
        {'table': 'fee_payment', 'source': 'tuition_collection', 'landed': 'fee_payment'},
    ]) }}
{% endmacro %}
