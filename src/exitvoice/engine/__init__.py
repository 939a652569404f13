"""How a population moves: randomness, columns, rules, and the compiler that fuses them into loops."""
