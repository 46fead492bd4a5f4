"""What the end-to-end tests are made of: the command under test, processes, hubs, and the people who use them."""
