{{ indicator_values_of('A2-23') }}
