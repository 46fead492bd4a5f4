"""What the table needs to run a case against a proxy and to write down what was seen."""
