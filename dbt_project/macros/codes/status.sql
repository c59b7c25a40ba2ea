{#- Groups of codes that several models count by; the tables are in seeds/code_value.csv. -#}

{#- 学籍状态 in which a student counts as 在校: 在读, 复学, 公派出国. -#}
{% macro enrolled_statuses() %}('01', '05', '13'){% endmacro %}

{#- 学籍状态 that end a student's time here: 退学, 流失, 毕业, 结业, 肄业, 转出, 死亡, 开除. -#}
{% macro ended_statuses() %}('03', '06', '07', '08', '09', '10', '11', '14'){% endmacro %}

{#- Of these, the ones that come with the end of the course and not with a 学籍异动. -#}
{% macro completed_statuses() %}('07', '08', '09'){% endmacro %}

{#- 在岗状态 of people who are employed: 在职, 延聘, 待退休, 长病假, 因公出国, 停薪留职, 待岗. -#}
{% macro employed_statuses() %}('11', '12', '13', '14', '15', '16', '17'){% endmacro %}

{#- 在岗状态 of people who have gone: 退休, 离休, 死亡, 调出, 辞职, 离职, 开除, 下落不明. -#}
{% macro departed_statuses() %}('01', '02', '03', '05', '06', '07', '08', '09'){% endmacro %}

{#- 教职工类别 of teachers engaged from outside (聘请校外教师); they are not 教职工. -#}
{% macro external_categories() %}('50', '51', '52', '53', '54', '55', '56', '59'){% endmacro %}

{#- 聘任情况 of a title that is held: 聘任, 已聘, 高聘, 低聘. -#}
{% macro engaged_statuses() %}('1', '11', '12', '13'){% endmacro %}

{#- 房间用途 that the timetable fills: 教室, 专用教室. -#}
{% macro classroom_uses() %}('111', '112'){% endmacro %}

{#- 论著类别 of papers: 论文, 发表论文, 会议论文. -#}
{% macro paper_types() %}('60', '61', '62'){% endmacro %}

{#- 级别 国家级, and 省、部委级 with what stands below it in the table: 教育部, 中央其他部委, 省级. -#}
{% macro national_provincial_levels() %}('10', '20', '21', '22', '23'){% endmacro %}

{#- 课程属性 that count as required: 必修, 实践, 双必. -#}
{% macro required_attributes() %}('1', '5', '6'){% endmacro %}

{#- 课程属性 of courses outside the plan of one's major: 辅修. -#}
{% macro minor_attributes() %}('4'){% endmacro %}

{#- 课程类别 of practice in a block: 实践类. -#}
{% macro practice_categories() %}('5'){% endmacro %}
