"""Groups and servers: their settings, permissions and price feeds."""
