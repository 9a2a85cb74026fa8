"""Addresses of other servers, and errors of TLS."""
