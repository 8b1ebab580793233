"""What values the expressions of policies have, and which of them can never be what is asked."""
