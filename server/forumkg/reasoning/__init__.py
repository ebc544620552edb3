"""What follows from the data: OWL axioms, rules, entailment, consistency, proofs."""
