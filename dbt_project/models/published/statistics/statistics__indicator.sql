{{ indicator_definitions(ref('int_statistics__figure')) }}
