"""The tables that the stages hand to each other; the one package every stage imports."""
