"""Questions and answers: the released figures and the one door to them."""
