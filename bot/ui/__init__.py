"""User interface shared by all platforms: texts, formatted values and charts."""
