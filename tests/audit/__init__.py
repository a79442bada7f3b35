"""The built site looked over as a stranger would, by `make audit`: one table."""
