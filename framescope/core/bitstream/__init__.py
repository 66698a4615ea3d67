"""What is inside compressed packets: units, their syntax elements, and the packets around them."""
