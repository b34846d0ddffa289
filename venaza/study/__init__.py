"""What a study says: groups, endpoints, labels, words, units; judged before they are used."""
