"""doors — where people and programs come in: the web, the API, the command line."""
