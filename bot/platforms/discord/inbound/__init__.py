"""Discord interactions: received and converted for the router."""
