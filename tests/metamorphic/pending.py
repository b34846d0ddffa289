"""Ways that do not yet give what is expected of them."""

PENDING = (
    "other_specimens",
    "a_form_that_nobody_filled",
    "german_units",
    "indian_units",
    "words_of_another_clinic",
    "have_and_have_not_in_the_gene_column",
    "plus_and_minus_in_the_gene_column",
    "ticks_in_the_gene_column",
    "grades_in_other_words",
)
